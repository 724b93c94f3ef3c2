using Klock.Coordinator.Waits;

namespace Klock.Coordinator.Tickets;

/// <summary>A wait that was submitted and is not yet collected or cancelled. Its state belongs to the desk's lock.</summary>
internal sealed class Ticket(TicketDesk desk, long number, PendingWait wait) : IAnswerTaker
{
    /// <summary>Its name: from 1 up, once for each desk.</summary>
    public long Number { get; } = number;

    public PendingWait Wait { get; } = wait;

    /// <summary>Where it stands among the answered; null while it is none of them.</summary>
    public LinkedListNode<Ticket>? Place { get; set; }

    /// <summary>Somebody is taking it off: its answer is for nobody, unless that fails.</summary>
    public bool IsBeingCancelled { get; set; }

    /// <summary>Whether it got what taking it off does not take back: a change of a lease, or what has a request id.</summary>
    public bool HasGotWhatStays =>
        (Wait.Waiter.IsChange || Wait.Waiter.RequestId is not null)
        && Wait.IsAnswered && Wait.Reply.Outcome.IsSuccess;

    public void TakeAnswer() => desk.TakeAnswer(this);
}
