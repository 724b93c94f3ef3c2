using Klock.Agents.Leases;

namespace Klock.Agents.Policy;

/// <summary>Leases that were not granted.</summary>
/// <param name="Wishes">What was asked for.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Place">In which store.</param>
internal sealed record Refusal(IReadOnlyList<Wish> Wishes, AcquireAnswer Answer, Place Place);
