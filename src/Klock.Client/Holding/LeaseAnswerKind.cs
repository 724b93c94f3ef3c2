namespace Klock.Client.Holding;

/// <summary>What an answer means for who holds a lease.</summary>
public enum LeaseAnswerKind
{
    /// <summary>It was done; of a look: all leases are there.</summary>
    Done,

    /// <summary>The lease has ended; of a look: one is missing.</summary>
    Ended,

    /// <summary>Nobody can tell now: the lease may well be there, and whoever asks again soon may be told.</summary>
    Unavailable,

    /// <summary>It was refused: the lease may well be there, and the same request is refused again.</summary>
    Refused,
}
