using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Queues;
using Klock.Kernel.Tree;

namespace Klock.Kernel;

/// <summary>
/// The state machine: who holds what, and who waits. Time, ids and randomness come in as arguments; the same commands give
/// the same state.
/// </summary>
/// <remarks>
/// <para>A store runs commands on it (<see cref="Acquire"/> and the others) and writes down the events they make, or follows what
/// other processes wrote with <see cref="Apply"/>. Both change the state through the same few methods, so replicas agree.</para>
/// <para>Every command first does what its time brings, in this order: overdue waits end, overdue leases end, those whom that
/// frees are granted. Then it is judged, and those whom it frees are granted in turn.</para>
/// <para>Not safe for concurrent use: the store that owns it holds a lock. <c>now</c> may repeat but never lowers the
/// table's own time: a lower one counts as the highest seen.</para>
/// </remarks>
public sealed partial class LeaseTable
{
    /// <summary>How many agents are remembered; beyond it idle ones are forgotten, the least recently used first.</summary>
    public const int RememberedAgents = 100_000;

    /// <summary>A <see cref="WaitKeepAliveMs"/> for a store that no other process shares: ten thousand years.</summary>
    public const long AlwaysAliveMs = 10_000L * 365 * 24 * 60 * 60 * 1000;

    private readonly AgentDirectory _agents = new();
    private readonly ResourceTree _held;
    private readonly ResourceTree _queued;
    private readonly ResourceTree _parked;
    private readonly Judge _judge;
    private readonly Dictionary<LeaseId, Lease> _leases = [];
    private readonly Dictionary<LeaseId, Waiter> _waiters = [];
    private readonly Dictionary<LeaseId, WaitOwner> _owners = [];
    private readonly NamedGrants _named = new();
    private readonly BoundClaims _bound = new();
    private readonly ExpiryQueue<Lease> _leaseExpiries = new();
    private readonly ExpiryQueue<Waiter> _waitExpiries = new();
    private readonly ExpiryQueue<WaitOwner> _ownerExpiries = new();
    private readonly EndedLeases _ended;
    private readonly EventWriter _events;

    /// <summary>An empty table.</summary>
    /// <param name="sequence">The number that the first event comes after. A new store starts at the wall clock in µs.</param>
    public LeaseTable(long sequence)
        : this(sequence, Crowd.Above)
    {
    }

    /// <param name="sequence">The number that the first event comes after.</param>
    /// <param name="crowdAbove">With more claims than this on a name they stand in lines: few, where that is to be tried.</param>
    internal LeaseTable(long sequence, int crowdAbove)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        _events = new EventWriter(sequence);
        _ended = new EndedLeases(_log);
        _held = new ResourceTree(_log) { CrowdAbove = crowdAbove };
        _queued = new ResourceTree(_log) { CrowdAbove = crowdAbove };
        _parked = new ResourceTree(_log) { CrowdAbove = crowdAbove };
        _judge = new Judge(_held, _queued);
        _blockers = new BlockerFinder(_held, _queued);
        _elders = new ElderFinder(_held, _queued);
        _parkedNoter = new ParkedNoter(_due);
        _passCounter = new PassCounter(this);
    }

    /// <summary>How long a sign of life of a process that waits counts, in ms: a dead one blocks nobody for longer (KLIS-8).</summary>
    public long WaitKeepAliveMs { get; init; } = 5_000;

    /// <summary>The number of the last event. Stays below 2^53: a µs clock reaches that in the year 2255.</summary>
    public long Sequence => _events.Sequence;

    /// <summary>The highest time seen, in ms since 1970, UTC.</summary>
    public long NowMs { get; private set; }

    /// <summary>How many agents are remembered.</summary>
    public int AgentCount => _agents.Count;

    /// <summary>How many requests wait, queued and parked.</summary>
    public int WaiterCount => _waiters.Count;

    /// <summary>How many names the resource trees have: those claimed and the directories above them.</summary>
    internal int ResourceNodeCount => _held.NodeCount + _queued.NodeCount + _parked.NodeCount;

    /// <summary>
    /// When something may happen by itself, in ms since 1970: a lease or a wait runs out, and none does before; or now, while
    /// <see cref="HasMoreToFree"/>. The end of time when nothing will.
    /// </summary>
    public long NextDueMs => HasMoreToFree ? NowMs : NextEndMs;

    private long NextEndMs =>
        Math.Min(_leaseExpiries.FirstExpiresAtMs, Math.Min(_waitExpiries.FirstExpiresAtMs, _ownerExpiries.FirstExpiresAtMs));

    /// <summary>Every remembered agent, in no particular order.</summary>
    public IEnumerable<Agent> Agents => _agents.All;

    /// <summary>Every request that waits, in no particular order.</summary>
    internal IEnumerable<Waiter> Waiters => _waiters.Values;

    /// <summary>How many leases are active at a time.</summary>
    public int CountActive(long nowMs) => _leaseExpiries.Count - _leaseExpiries.CountOverdue(Later(nowMs));

    /// <summary>The leases that are active at a time, in no particular order.</summary>
    public IEnumerable<Lease> ActiveLeases(long nowMs)
    {
        long now = Later(nowMs);
        return _leases.Values.Where(lease => lease.ExpiresAtMs > now);
    }

    /// <summary>How many requests wait at a time, as <see cref="ActiveWaiters"/> shows them.</summary>
    public int CountWaiting(long nowMs) => WaiterCount == 0 ? 0 : ActiveWaiters(nowMs).Count();

    /// <summary>
    /// The requests that wait at a time, whose processes give signs of life: the queue first, the parked ones after it, each in its order.
    /// </summary>
    public IEnumerable<Waiter> ActiveWaiters(long nowMs)
    {
        long now = Later(nowMs);
        return _waiters.Values.Where(waiter => waiter.DeadlineMs > now && waiter.AliveUntilMs > now)
            .OrderBy(waiter => (!waiter.IsQueued, waiter.Number));
    }

    /// <summary>The active lease of this name; null when there is none.</summary>
    public Lease? FindLease(LeaseId id) => _leases.GetValueOrDefault(id);

    /// <summary>The request that waits under this name; null when there is none.</summary>
    public Waiter? FindWaiter(LeaseId id) => _waiters.GetValueOrDefault(id);

    /// <summary>How a lease that is no longer active ended; null when that is not remembered.</summary>
    public LeaseState? FindEnded(LeaseId id) => _ended.Find(id);

    private long Later(long nowMs) => Math.Max(nowMs, NowMs);
}
