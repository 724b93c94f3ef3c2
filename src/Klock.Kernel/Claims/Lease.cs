using Klock.Kernel.Predicates;
using Klock.Kernel.Queues;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Claims;

/// <summary>A granted claim that lasts until it is released, revoked or runs out (KLIS-4). All times are ms since 1970, UTC.</summary>
public sealed class Lease : Claim, IExpiring
{
    private LeaseExtras? _extras;

    internal Lease(Session session, Resource resource, Predicate predicate, long fencingToken)
        : base(session, resource, predicate) => FencingToken = fencingToken;

    /// <summary>Its name: unguessable, never used twice.</summary>
    public required LeaseId Id { get; init; }

    /// <summary>Held, or how it ended.</summary>
    internal LeaseState State { get; set; } = LeaseState.Active;

    /// <summary>When it was granted.</summary>
    public required long AcquiredAtMs { get; init; }

    /// <summary>How long it lasts from its grant or its last heartbeat, in ms.</summary>
    public long TtlMs { get; internal set; }

    /// <summary>When it is over unless renewed: from this ms on it blocks nobody.</summary>
    public long ExpiresAtMs { get; internal set; }

    /// <summary>When its holder last renewed it; its grant counts.</summary>
    public long LastHeartbeatMs => ExpiresAtMs - TtlMs;

    /// <summary>Rises with every grant and change of a store.</summary>
    public long FencingToken { get; internal set; }

    /// <summary>Why it is held, in the holder's words; shown to whoever is refused.</summary>
    public string? Note
    {
        get => _extras?.Note;
        init
        {
            if (value is not null)
            {
                Extras.Note = value;
            }
        }
    }

    /// <summary>The idempotency key of the request that was granted: a repeated request gets this lease again.</summary>
    internal string? RequestId
    {
        get => _extras?.RequestId;
        init
        {
            if (value is not null)
            {
                Extras.RequestId = value;
            }
        }
    }

    /// <summary>Whether the grant carried the warning that another process uses the session too.</summary>
    public bool IsOfSharedSession
    {
        get => _extras is { IsOfSharedSession: true };
        internal set => Extras.IsOfSharedSession = value;
    }

    /// <summary>The process whose end ends it; the empty id for none.</summary>
    internal LeaseId BoundTo
    {
        get => _extras is { } extras ? extras.BoundTo : default;
        set
        {
            if (value != default || _extras is not null)
            {
                Extras.BoundTo = value;
            }
        }
    }

    // Links of the list of leases that are bound to its process; only that list sets them.
    internal Lease? NextBound
    {
        get => _extras?.NextBound;
        set => Extras.NextBound = value;
    }

    internal Lease? PreviousBound
    {
        get => _extras?.PreviousBound;
        set => Extras.PreviousBound = value;
    }

    /// <summary>The token of its grant, also after changes: the leases of one request were asked for in the order of these.</summary>
    internal long FirstToken
    {
        get => _extras is { FirstToken: > 0 } extras ? extras.FirstToken : FencingToken;
        set => Extras.FirstToken = value;
    }

    /// <summary>The token of its grant where that was kept; 0 where it was not.</summary>
    internal long KeptFirstToken
    {
        get => _extras is { } extras ? extras.FirstToken : 0;
        set
        {
            if (value != 0 || _extras is not null)
            {
                Extras.FirstToken = value;
            }
        }
    }

    /// <summary>Called before its token changes.</summary>
    internal void KeepFirstToken()
    {
        if (RequestId is not null)
        {
            Extras.FirstToken = FirstToken;
        }
    }

    /// <summary>The request that waits to change this lease; at most one.</summary>
    internal Waiter? QueuedChange
    {
        get => _extras?.QueuedChange;
        set => Extras.QueuedChange = value;
    }

    internal override long Number => FencingToken;

    internal override WatchList? Watchers
    {
        get => _extras?.Watchers;
        set
        {
            if (value is not null || _extras is not null)
            {
                Extras.Watchers = value;
            }
        }
    }

    // Links of the session's list of leases.
    internal Lease? NextInSession { get; set; }

    internal Lease? PreviousInSession { get; set; }

    long IExpiring.Number => FencingToken;

    private LeaseExtras Extras => _extras ??= new LeaseExtras();
}
