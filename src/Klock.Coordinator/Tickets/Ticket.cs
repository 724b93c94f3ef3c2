using Klock.Coordinator.Waits;

namespace Klock.Coordinator.Tickets;

/// <summary>A wait that was submitted and is not yet collected or cancelled. Its state is guarded by the desk's lock.</summary>
internal sealed class Ticket(TicketDesk desk, long number, PendingWait wait) : IAnswerTaker
{
    /// <summary>Its number: from 1 up, unique within its desk.</summary>
    public long Number { get; } = number;

    public PendingWait Wait { get; } = wait;

    /// <summary>Its node in the list of answered tickets; null while it is not in it.</summary>
    public LinkedListNode<Ticket>? Place { get; set; }

    /// <summary>It is being cancelled: its answer is discarded, unless the cancellation fails.</summary>
    public bool IsBeingCancelled { get; set; }

    /// <summary>Whether it got what a cancellation does not undo: a change of a lease, or leases of a request id.</summary>
    public bool HasGotWhatStays =>
        (Wait.Waiter.IsChange || Wait.Waiter.RequestId is not null)
        && Wait.IsAnswered && Wait.Reply.Outcome.IsSuccess;

    public void TakeAnswer() => desk.TakeAnswer(this);
}
