namespace Klock.Coordinator.Protocol;

/// <summary>How much is in a store that works.</summary>
/// <param name="ActiveLeases">Leases that are held.</param>
/// <param name="Waiters">Requests that wait, in all processes on the store.</param>
/// <param name="Agents">Agents that are remembered.</param>
/// <param name="Sequence">The number of the last event.</param>
public readonly record struct StoreHealth(int ActiveLeases, int Waiters, int Agents, long Sequence);
