namespace Klock.Kernel.Events;

/// <summary>What happened. The values are stored: they are never given a new meaning.</summary>
public enum EventKind : byte
{
    /// <summary>The store was made. Its number is where the store's numbers start.</summary>
    Created = 0,

    /// <summary>An agent became known, or an idle one got another priority.</summary>
    Registered = 1,

    /// <summary>An idle agent was forgotten, because too many were remembered.</summary>
    Forgotten = 2,

    /// <summary>A lease was granted; the event's number is its fencing token.</summary>
    Granted = 3,

    /// <summary>A lease was renewed by its holder.</summary>
    Renewed = 4,

    /// <summary>A lease was released by its holder.</summary>
    Released = 5,

    /// <summary>A lease ran out.</summary>
    Expired = 6,

    /// <summary>A lease was taken away by an operator.</summary>
    Revoked = 7,

    /// <summary>A lease's predicate was changed in place; the event's number is its new fencing token.</summary>
    Changed = 8,

    /// <summary>A request was refused at once, with WAIT or DIE.</summary>
    Refused = 9,

    /// <summary>A request took a place in the queue.</summary>
    Queued = 10,

    /// <summary>A request was parked, where it blocks nobody.</summary>
    Parked = 11,

    /// <summary>A parked request moved to the end of the queue.</summary>
    Promoted = 12,

    /// <summary>A request waits no longer.</summary>
    WaitEnded = 13,

    /// <summary>A process that waits sent a keep-alive, or a session that waits was renewed.</summary>
    KeptAlive = 14,

    /// <summary>
    /// The machine was restarted, and a store that does not flush at every commit may have lost events; numbers continue above all that may
    /// have been given. Those between its number and the one before are lost or were never used.
    /// </summary>
    Resumed = 15,

    /// <summary>
    /// A lease was granted that conflicts with one of another live process, but for being of the same session. Emitted once for each
    /// process and session.
    /// </summary>
    SessionShared = 16,
}
