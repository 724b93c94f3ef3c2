using Klock.Kernel.Claims;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>That a store asks the others to let it go first, since its append came too late.</summary>
/// <param name="Writer">The store.</param>
/// <param name="Usual">How long its appends take: who lets it go first waits for as long as that needs.</param>
internal readonly record struct TurnWish(LeaseId Writer, TimeSpan Usual);
