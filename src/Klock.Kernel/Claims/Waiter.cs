using Klock.Kernel.Conflicts;
using Klock.Kernel.Invariants;
using Klock.Kernel.Queues;

namespace Klock.Kernel.Claims;

/// <summary>A request that waits (KLIS-8): queued, where it counts as a holder, or parked, where it blocks nobody.</summary>
public sealed class Waiter : Queueable, IExpiring
{
    internal Waiter(Session session, WaitOwner owner, ReadOnlySpan<WantedLease> wanted)
    {
        Session = session;
        Owner = owner;
        var claims = new WaitClaim[wanted.Length];
        for (int i = 0; i < claims.Length; i++)
        {
            claims[i] = new WaitClaim(this, wanted[i]);
        }

        Claims = claims;
    }

    /// <summary>Its name: unguessable, never used twice.</summary>
    public required LeaseId Id { get; init; }

    /// <summary>The session that waits.</summary>
    internal Session Session { get; }

    /// <summary>When its time is up, in ms since 1970, UTC.</summary>
    public required long DeadlineMs { get; init; }

    /// <summary>How long its leases last from their grant, in ms.</summary>
    public required long TtlMs { get; init; }

    /// <summary>Why, in the agent's words.</summary>
    public string? Note { get; init; }

    /// <summary>The request's idempotency key.</summary>
    public string? RequestId { get; init; }

    /// <summary>The process that its leases will be bound to; the empty id for none.</summary>
    internal LeaseId BoundTo { get; init; }

    /// <summary>Whether it stands in the queue; else it is parked.</summary>
    public bool IsQueued { get; internal set; }

    /// <summary>Whether it waits to change a lease that its session holds, rather than for new ones.</summary>
    public bool IsChange => Changes is not null;

    /// <summary>All that it asks for: it gets all of it or none (KLIS-9).</summary>
    public IReadOnlyList<WaitClaim> Claims { get; private set; }

    /// <summary>The lease whose predicate it is to change (KLIS-11); null when it asks for new ones.</summary>
    internal Lease? Changes { get; init; }

    /// <summary>The earlier wait of the same request whose place this one shares; null when it has a place of its own.</summary>
    internal Waiter? Joins { get; set; }

    /// <summary>Those who share its place, in the order in which they came; null for nobody.</summary>
    internal List<Waiter>? JoinedBy { get; private set; }

    /// <summary>The id of the process that waits.</summary>
    public LeaseId OwnerId => Owner.Id;

    internal WaitOwner Owner { get; }

    /// <summary>Until when its session's last renewal keeps it, whatever became of the process; 0 for never renewed.</summary>
    internal long KeptUntilMs { get; set; }

    /// <summary>From this ms on the process that waits counts as dead.</summary>
    internal long AliveUntilMs => Math.Max(KeptUntilMs, Owner.AliveUntilMs);

    /// <summary>When it took its place: the sequence number of the event that queued or parked it.</summary>
    public long Number { get; internal set; }

    /// <summary>Parked: how many conflicting grants to other sessions there have been since.</summary>
    internal int Passes { get; set; }

    /// <summary>Parked: the number of the last such grant, so that one that conflicts with several of its claims counts once.</summary>
    internal long PassedBy { get; set; }

    /// <summary>Queued: the watch list of the claim that blocks it; null while it is noted to be judged.</summary>
    internal WatchList? Watches { get; set; }

    /// <summary>Parked: a claim of an older session in its way; while that stands it need not be judged.</summary>
    internal SeenClaim Elder { get; set; }

    /// <summary>Its place among those who are noted to be judged again; -1 when it is not.</summary>
    internal int NotedAt { get; set; } = -1;

    /// <summary>The last round of <see cref="ConflictSet"/> that met it.</summary>
    internal long MetInRound { get; set; }

    // Links of the list of those who watch one claim.
    internal Waiter? NextWatcher { get; set; }

    internal Waiter? PreviousWatcher { get; set; }

    // Links of its process's list.
    internal Waiter? NextOfOwner { get; set; }

    internal Waiter? PreviousOfOwner { get; set; }

    internal bool HasEnded { get; set; }

    internal void AddJoined(Waiter waiter) => (JoinedBy ??= []).Add(waiter);

    /// <returns>Where it stood.</returns>
    internal int RemoveJoined(Waiter waiter)
    {
        int index = JoinedBy!.IndexOf(waiter);
        Invariant.Require(index >= 0, "who leaves a place that it shares is known there");
        JoinedBy.RemoveAt(index);
        return index;
    }

    /// <summary>Takes over the place that it shared: the claims in the trees, and what has been counted there.</summary>
    internal void TakeJoinedPlace()
    {
        Waiter before = Joins!;
        Joins = null;
        Number = before.Number;
        Passes = before.Passes;
        PassedBy = before.PassedBy;
        Claims = before.Claims;
        foreach (WaitClaim claim in Claims)
        {
            claim.Waiter = this;
        }

        foreach (Waiter other in before.JoinedBy!)
        {
            if (other != this)
            {
                other.Joins = this;
                AddJoined(other);
            }
        }
    }

    /// <summary>Reverses <see cref="TakeJoinedPlace"/>.</summary>
    /// <param name="before">Whose place it was.</param>
    /// <param name="ownClaims">Its claims, which stand in no tree.</param>
    /// <param name="ownNumber">When it came.</param>
    internal void GiveBackPlace(Waiter before, IReadOnlyList<WaitClaim> ownClaims, long ownNumber)
    {
        foreach (WaitClaim claim in Claims)
        {
            claim.Waiter = before;
        }

        foreach (Waiter other in JoinedBy ?? [])
        {
            other.Joins = before;
        }

        Joins = before;
        JoinedBy = null;
        Claims = ownClaims;
        Number = ownNumber;
        Passes = 0;
        PassedBy = 0;
    }

    long IExpiring.ExpiresAtMs => DeadlineMs;

    long IExpiring.Number => Number;
}
