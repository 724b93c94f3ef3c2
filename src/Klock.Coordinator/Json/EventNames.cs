using Klock.Coordinator.Protocol;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Json;

/// <summary>The names of kinds of events, and of how waits end, on the wire.</summary>
public static class EventNames
{
    /// <summary>The entry that stands for events that are no longer kept. It is in no store: it is made when events are listed.</summary>
    public const string Gap = "GAP";

    /// <summary>The name of a kind, as it stands in an event's <c>kind</c>.</summary>
    public static string ToName(this EventKind kind) => kind switch
    {
        EventKind.Created => "CREATED",
        EventKind.Registered => "REGISTERED",
        EventKind.Forgotten => "FORGOTTEN",
        EventKind.Granted => "GRANTED",
        EventKind.Renewed => "RENEWED",
        EventKind.Released => "RELEASED",
        EventKind.Expired => "EXPIRED",
        EventKind.Revoked => "REVOKED",
        EventKind.Changed => "CHANGED",
        EventKind.Refused => "REFUSED",
        EventKind.Queued => "QUEUED",
        EventKind.Parked => "PARKED",
        EventKind.Promoted => "PROMOTED",
        EventKind.WaitEnded => "WAIT_ENDED",
        EventKind.KeptAlive => "KEPT_ALIVE",
        EventKind.Resumed => "RESUMED",
        EventKind.SessionShared => "SESSION_SHARED",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of event"),
    };

    /// <summary>The name of how a wait ended, as it stands in an event's <c>outcome</c>.</summary>
    public static string ToName(this WaitOutcome outcome) => outcome switch
    {
        WaitOutcome.Granted => "GRANTED",
        WaitOutcome.TimedOut => RefusalReason.WaitTimeout.ToName(),
        WaitOutcome.MustDie => RefusalReason.Die.ToName(),
        WaitOutcome.OwnerGone => "OWNER_GONE",
        WaitOutcome.Closed => "CLOSED",
        WaitOutcome.Cancelled => "CANCELLED",
        WaitOutcome.LeaseExpired => "LEASE_EXPIRED",
        WaitOutcome.LeaseEnded => "LEASE_ENDED",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "not an outcome"),
    };
}
