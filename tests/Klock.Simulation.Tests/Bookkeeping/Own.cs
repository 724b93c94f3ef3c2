using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>One event that a command must cause by itself, apart from what follows from it.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Id">To which lease, wait or process.</param>
internal sealed record Own(EventKind Kind, LeaseId Id)
{
    public WaitOutcome Outcome { get; init; }

    /// <summary>Registered: who, and how old.</summary>
    public BookAgent? Agent { get; init; }

    public ulong Priority { get; init; }

    /// <summary>Granted, Queued, Parked: what was asked.</summary>
    public Asked? Asked { get; init; }

    public Waiting? Waiting { get; init; }

    /// <summary>Changed: to what. Queued: the lease that is to be changed.</summary>
    public Want Want { get; init; }

    public BookLease? Changes { get; init; }

    /// <summary>Queued, Parked: the wait whose place it shares.</summary>
    public BookWait? Joins { get; init; }

    /// <summary>Refused: who, and why. It comes last, and may be emitted later.</summary>
    public Refusal? Refusal { get; init; }

    public static IEnumerable<Own> EndsOf(IEnumerable<BookWait> waits, WaitOutcome outcome) =>
        waits.Select(wait => new Own(EventKind.WaitEnded, wait.Id) { Outcome = outcome });

    public bool Matches(in Event happened) => Kind == happened.Kind && Kind switch
    {
        EventKind.Registered => happened.AgentId == Agent!.Id,
        EventKind.Queued or EventKind.Parked or EventKind.WaitEnded => happened.Wait!.Id == Id && happened.Wait.Outcome == Outcome,
        EventKind.KeptAlive => happened.Wait!.OwnerId == Id || happened.Wait.Id == Id,
        _ => happened.LeaseId == Id,
    };
}
