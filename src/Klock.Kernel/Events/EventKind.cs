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

    /// <summary>A lease was let go by its holder.</summary>
    Released = 5,

    /// <summary>A lease ran out.</summary>
    Expired = 6,

    /// <summary>A lease was taken away by an operator.</summary>
    Revoked = 7,
}
