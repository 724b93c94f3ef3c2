using System.Diagnostics.CodeAnalysis;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Events;

/// <summary>One change of the state: what a store writes to its journal, and all that a replica needs to follow it.</summary>
/// <remarks>Plain values, so that an event stays what it was when later commands change the lease it is about.</remarks>
public readonly record struct Event
{
    /// <summary>What happened to a lease.</summary>
    /// <remarks>Not an object initializer, which would build the event and then copy it: most events are made here.</remarks>
    [SetsRequiredMembers]
    internal Event(long sequence, EventKind kind, long atMs, Lease lease, long previousToken, bool passes)
    {
        Sequence = sequence;
        Kind = kind;
        AtMs = atMs;
        AgentId = lease.Session.Agent.Id;
        SessionId = lease.Session.Id;
        SeniorSince = lease.Session.SeniorSince;
        Passes = passes;
        LeaseId = lease.Id;
        FencingToken = lease.FencingToken;
        PreviousToken = previousToken;
        Resource = lease.Resource;
        Predicate = lease.Predicate;
        TtlMs = lease.TtlMs;
        ExpiresAtMs = lease.ExpiresAtMs;
        Note = lease.Note;
        RequestId = lease.RequestId;
        BoundTo = lease.BoundTo;
    }

    /// <summary>Its number: rises by one with every event of a store.</summary>
    public required long Sequence { get; init; }

    /// <summary>What happened.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>When, in ms since 1970, UTC.</summary>
    public required long AtMs { get; init; }

    /// <summary>The agent it is about; Created and KeptAlive have none.</summary>
    public string? AgentId { get; init; }

    /// <summary>Registered: the agent's priority.</summary>
    public ulong Priority { get; init; }

    /// <summary>Every kind about a lease: which.</summary>
    public LeaseId LeaseId { get; init; }

    /// <summary>Every kind about a lease: its fencing token.</summary>
    public long FencingToken { get; init; }

    /// <summary>Changed: the token that the lease had before. Granted, of a lease that was changed before this state was loaded: the one
    /// of its grant.</summary>
    public long PreviousToken { get; init; }

    /// <summary>Every kind about a lease, a wait or a refusal: the session.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// Granted, Renewed, Changed, Queued, Parked, Promoted, Refused: since which number the session is senior; 0 when it is not.
    /// WaitEnded: the same, when all that the session has left is parked.
    /// </summary>
    public long SeniorSince { get; init; }

    /// <summary>Granted, Changed: whether parked requests were passed, which a store keeps for whoever loads its state
    /// (<see cref="LeaseTable.RememberPassing"/>).</summary>
    public bool Passes { get; init; }

    /// <summary>Every kind about a lease, a wait or a refusal: on what; of several, the first.</summary>
    public Resource? Resource { get; init; }

    /// <summary>Every kind about a lease, a wait or a refusal: to do what; of several, the first.</summary>
    public Predicate Predicate { get; init; }

    /// <summary>Granted, Queued, Parked: how long a lease lasts from its grant or renewal, in ms.</summary>
    public long TtlMs { get; init; }

    /// <summary>Granted, Renewed, Changed: when the lease is over unless renewed. Queued, Parked, KeptAlive: until when the process
    /// that waits counts as alive.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>Granted, Queued, Parked: the agent's words.</summary>
    public string? Note { get; init; }

    /// <summary>Granted, Queued, Parked: the request's idempotency key.</summary>
    public string? RequestId { get; init; }

    /// <summary>Granted, Queued, Parked, Promoted: the process that the leases are bound to; the empty id for none.</summary>
    public LeaseId BoundTo { get; init; }

    /// <summary>
    /// The same event by another clock: all its times, in ms since 1970, are moved by as much. Durations and everything else stay.
    /// </summary>
    /// <remarks>
    /// A replica that applies events so, each moved by its own time less the event's, has its own time in all that it holds: a lease
    /// there lasts its whole ttl from when it was applied, whatever the clock of whoever granted it said. Times stay in the range of a
    /// <see cref="long"/>: one that would leave it becomes the first or the last there is. Safe from any thread.
    /// </remarks>
    /// <param name="byMs">By how much, in ms; negative to an earlier time.</param>
    public Event Shifted(long byMs) => this with
    {
        AtMs = Moved(AtMs, byMs),
        ExpiresAtMs = HasExpiry ? Moved(ExpiresAtMs, byMs) : ExpiresAtMs,
        Wait = Wait is { } wait && HasDeadline ? wait.Shifted(byMs) : Wait,
    };

    /// <summary>The same, where it speaks of a wait that lasts longer, with one that lasts until then; ms since 1970.</summary>
    public Event EndingBy(long deadlineMs) => Wait is { } wait && HasDeadline && wait.DeadlineMs > deadlineMs
        ? this with { Wait = wait.Shifted(deadlineMs - wait.DeadlineMs) }
        : this;

    /// <summary>Whether it is of a kind that <see cref="Brief"/> makes shorter: what it speaks of is a lease that a follower has.</summary>
    internal bool IsBrief => Kind is EventKind.Renewed or EventKind.Released or EventKind.Expired or EventKind.Revoked;

    /// <summary>
    /// The same without what a table that follows it knows: of a renewal or an end stay which lease, the times, and since when its session
    /// is senior. For a journal that is to be small. <see cref="LeaseTable.Completed"/> puts the rest back.
    /// </summary>
    public Event Brief() => !IsBrief ? this : new Event
    {
        Sequence = Sequence, Kind = Kind, AtMs = AtMs, LeaseId = LeaseId, ExpiresAtMs = ExpiresAtMs, SeniorSince = SeniorSince,
        TtlMs = Kind == EventKind.Renewed ? TtlMs : 0, BoundTo = Kind == EventKind.Renewed ? BoundTo : default,
    };

    // What a kind does not speak of is no time.
    private bool HasDeadline => Kind is EventKind.Queued or EventKind.Parked or EventKind.Promoted;

    private bool HasExpiry => HasDeadline || Kind is EventKind.KeptAlive or EventKind.Granted or EventKind.Renewed or EventKind.Changed
        or EventKind.Released or EventKind.Expired or EventKind.Revoked or EventKind.SessionShared;

    /// <summary>A time that is moved, and stays in the range of times.</summary>
    internal static long Moved(long timeMs, long byMs)
    {
        long moved = unchecked(timeMs + byMs);
        bool hasLeft = ((timeMs ^ moved) & (byMs ^ moved)) < 0;
        return !hasLeft ? moved : byMs < 0 ? long.MinValue : long.MaxValue;
    }

    /// <summary>Refused: the verdict that was answered.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Every kind about a wait, KeptAlive included: its particulars; null for all others.</summary>
    /// <remarks>An object of its own, since most events are not about a wait, and each is copied more than once on its way.</remarks>
    public WaitFacts? Wait { get; init; }
}
