namespace Klock.Kernel.Waits;

/// <summary>How a wait ended. The values are stored: they are never given a new meaning.</summary>
public enum WaitOutcome : byte
{
    /// <summary>It got what it waited for.</summary>
    Granted = 0,

    /// <summary>Its time was up.</summary>
    TimedOut = 1,

    /// <summary>It was parked, and its session acquired or queued something else, so it may wait no longer.</summary>
    MustDie = 2,

    /// <summary>Its process sent no keep-alive in time.</summary>
    OwnerGone = 3,

    /// <summary>Its session, or the handle it waited through, was closed.</summary>
    Closed = 4,

    /// <summary>Its caller went away.</summary>
    Cancelled = 5,

    /// <summary>The lease it was to change ran out.</summary>
    LeaseExpired = 6,

    /// <summary>The lease it was to change was released or revoked.</summary>
    LeaseEnded = 7,
}
