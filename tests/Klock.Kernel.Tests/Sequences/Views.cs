namespace Klock.Kernel.Tests.Sequences;

/// <summary>A lease as both sides show it.</summary>
internal sealed record LeaseView(
    UInt128 Id,
    string Agent,
    string Session,
    string Resource,
    string Predicate,
    long AcquiredAtMs,
    long TtlMs,
    long ExpiresAtMs,
    long LastHeartbeatMs,
    long Token,
    string? Note,
    string? RequestId);

/// <summary>An event as both sides show it; what its kind does not speak of is 0.</summary>
internal sealed record EventView(long Sequence, string Kind, long AtMs, string Agent, ulong Priority, UInt128 LeaseId, long ExpiresAtMs);

/// <summary>Everything that a store answers questions from, at one time.</summary>
/// <param name="Sequence">The number of the last event.</param>
/// <param name="Agents">Remembered agents and their priorities, by name.</param>
/// <param name="Active">Active leases, by token.</param>
internal sealed record StateView(long Sequence, IReadOnlyList<(string Agent, ulong Priority)> Agents, IReadOnlyList<LeaseView> Active)
{
    public bool Equals(StateView? other) =>
        other is not null && Sequence == other.Sequence && Agents.SequenceEqual(other.Agents) && Active.SequenceEqual(other.Active);

    public override int GetHashCode() => Sequence.GetHashCode();

    public override string ToString() => $"sequence {Sequence}\n  {string.Join("\n  ", Agents)}\n  {string.Join("\n  ", Active)}";
}
