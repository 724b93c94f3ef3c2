using Klock.Kernel.Claims;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>That a batch was appended.</summary>
/// <param name="Writer">The store that decided it.</param>
/// <param name="Sequence">The number of its last event.</param>
internal readonly record struct HeadMove(LeaseId Writer, long Sequence);
