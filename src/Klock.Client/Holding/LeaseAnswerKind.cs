namespace Klock.Client.Holding;

/// <summary>What an answer means for the holder of a lease.</summary>
public enum LeaseAnswerKind
{
    /// <summary>It was done; of a check: all leases are there.</summary>
    Done,

    /// <summary>The lease has ended; of a check: one is missing.</summary>
    Ended,

    /// <summary>No answer for now: the lease may still be there, and asking again soon may answer it.</summary>
    Unavailable,

    /// <summary>It was refused: the lease may still be there, but the same request would be refused again.</summary>
    Refused,
}
