using Klock.Kernel.Agents;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Leases;
using Klock.Kernel.Resources;

namespace Klock.Kernel;

/// <summary>
/// The state machine: who holds what. Time, ids and randomness come in as arguments; the same commands give the same state.
/// </summary>
/// <remarks>
/// <para>A store runs commands on it (<see cref="Acquire"/> and the others) and writes down the events they make, or follows what
/// other processes wrote with <see cref="Apply"/>. Both change the state through the same few methods, so replicas agree.</para>
/// <para>Not safe for concurrent use: the store that owns it holds a lock. <c>now</c> may repeat but never lowers the
/// table's own time: a lower one counts as the highest seen.</para>
/// </remarks>
public sealed partial class LeaseTable
{
    /// <summary>How many agents are remembered; beyond it idle ones are forgotten, the least recently used first.</summary>
    public const int RememberedAgents = 100_000;

    private readonly AgentDirectory _agents = new();
    private readonly ResourceTree _tree = new();
    private readonly Dictionary<LeaseId, Lease> _leases = [];
    private readonly Dictionary<(Session Session, string RequestId), Lease> _byRequestId = [];
    private readonly ExpiryQueue _expiries = new();
    private readonly EndedLeases _ended = new();
    private readonly ConflictSet _conflicts = new();
    private IEventSink? _sink;

    /// <summary>An empty table.</summary>
    /// <param name="sequence">The number that the first event comes after. A new store starts at the wall clock in µs.</param>
    public LeaseTable(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        Sequence = sequence;
    }

    /// <summary>The number of the last event. Stays below 2^53: a µs clock reaches that in the year 2255.</summary>
    public long Sequence { get; private set; }

    /// <summary>The highest time seen, in ms since 1970, UTC.</summary>
    public long NowMs { get; private set; }

    /// <summary>How many agents are remembered.</summary>
    public int AgentCount => _agents.Count;

    /// <summary>How many names the resource tree has: those claimed and the directories above them.</summary>
    public int ResourceNodeCount => _tree.NodeCount;

    /// <summary>Where events go from now on; null while nobody wants them.</summary>
    public void SendEventsTo(IEventSink? sink) => _sink = sink;

    /// <summary>How many leases are active at a time.</summary>
    public int CountActive(long nowMs) => _expiries.Count - _expiries.CountOverdue(Later(nowMs));

    /// <summary>Every remembered agent, in no particular order.</summary>
    public IEnumerable<Agent> Agents => _agents.All;

    /// <summary>The leases that are active at a time, in no particular order.</summary>
    public IEnumerable<Lease> ActiveLeases(long nowMs)
    {
        long now = Later(nowMs);
        return _leases.Values.Where(lease => lease.ExpiresAtMs > now);
    }

    /// <summary>The active lease of this name; null when there is none.</summary>
    public Lease? FindLease(LeaseId id) => _leases.GetValueOrDefault(id);

    private long Later(long nowMs) => Math.Max(nowMs, NowMs);

    private long NextSequence() => ++Sequence;
}
