using Klock.Kernel.Claims;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>All that a coordinator knows, in plain lists. Written from SPEC section 2, not from the kernel.</summary>
internal sealed class Book(Universe universe, People people, long sequence, long keepAliveMs)
{
    public Universe Universe { get; } = universe;

    public long KeepAliveMs { get; } = keepAliveMs;

    public long Sequence { get; set; } = sequence;

    public long NowMs { get; set; }

    public List<BookLease> Leases { get; } = [];

    public List<BookWait> Waits { get; } = [];

    /// <summary>The waiter that is being given what it waited for, until it has all.</summary>
    public BookWait? Granting { get; set; }

    /// <summary>Leases that ran out or were revoked, and when.</summary>
    public Dictionary<LeaseId, (LeaseState State, long AtMs)> Ended { get; } = [];

    /// <summary>Every lease and wait id that was ever given out.</summary>
    public HashSet<LeaseId> UsedIds { get; } = [];

    /// <summary>Refusals whose events are still to come; they change nothing, so a store may emit them late.</summary>
    public Queue<Refusal> UntoldRefusals { get; } = new();

    public IEnumerable<BookAgent> Agents => people.Agents.Where(agent => agent.Priority is not null);

    public BookLease? FindLease(LeaseId id) => Leases.Find(lease => lease.Id == id);

    public BookWait? FindWait(LeaseId id) => Waits.Find(wait => wait.Id == id);

    /// <summary>Those who share the place of a wait, in the order in which they came.</summary>
    public List<BookWait> JoinedTo(BookWait place) => [.. Waits.Where(wait => wait.Joins == place).OrderBy(wait => wait.Number)];

    public BookOwner? FindOwner(LeaseId id) => Waits.Find(wait => wait.Owner.Id == id)?.Owner;

    public bool HoldsOrQueues(BookSession session) =>
        Leases.Exists(lease => lease.Session == session) || Waits.Exists(wait => wait.IsQueued && wait.Session == session);

    public bool IsBusy(BookAgent agent) =>
        Leases.Exists(lease => lease.Session.Agent == agent) || Waits.Exists(wait => wait.Session.Agent == agent);

    /// <summary>The leases that a session was granted for a request of this name.</summary>
    public List<BookLease> GrantedAs(BookSession session, string? requestId) => requestId is null
        ? []
        : [.. Leases.Where(lease => lease.Session == session && lease.RequestId == requestId)];

    /// <summary>When something will happen by itself.</summary>
    public long NextDueMs => Math.Min(
        Leases.Select(lease => lease.ExpiresAtMs).DefaultIfEmpty(long.MaxValue).Min(),
        Waits.Select(wait => Math.Min(wait.DeadlineMs, wait.AliveUntilMs)).DefaultIfEmpty(long.MaxValue).Min());
}
