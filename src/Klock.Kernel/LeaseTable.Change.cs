using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;

namespace Klock.Kernel;

/// <summary>A lease's predicate is changed in place (KLIS-11).</summary>
public sealed partial class LeaseTable
{
    /// <summary>Changes a lease's predicate in place (KLIS-11).</summary>
    /// <param name="id">Which lease.</param>
    /// <param name="predicate">Its new predicate.</param>
    /// <param name="wait">Whether and how long to wait; null to be answered at once.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="outcome">The lease, the place in the queue, or what stands in the way; valid until the next command.</param>
    public CommandStatus Change(LeaseId id, Predicate predicate, WaitTerms? wait, long nowMs, out AcquireOutcome outcome)
    {
        Advance(nowMs);
        _granted.Clear();
        outcome = new AcquireOutcome(_granted, Waiter: null, _judge.Conflicts);
        CommandStatus status = FindActive(id, out Lease? lease);
        if (status != CommandStatus.Done)
        {
            return status;
        }

        if (Compatibility.Strength(predicate) <= lease!.Strength || IsFreeToChange(lease, predicate))
        {
            ChangeTo(lease, predicate);
            _granted.Add(lease);
        }
        else if (wait is { } terms && _judge.Conflicts.Verdict == Verdict.Wait)
        {
            status = QueueChange(lease, predicate, terms, ref outcome);
        }
        else
        {
            EmitRefused(lease.Session, lease.Resource, predicate);
        }

        Settle();
        return status;
    }

    private bool IsFreeToChange(Lease lease, Predicate predicate)
    {
        _judge.Begin(lease.Session);
        _judge.Consider(lease.Resource, predicate);
        return _judge.Decide() == Verdict.Grant;
    }

    private CommandStatus QueueChange(Lease lease, Predicate predicate, in WaitTerms terms, ref AcquireOutcome outcome)
    {
        if (lease.QueuedChange is not null)
        {
            return CommandStatus.ChangeAlreadyQueued;
        }

        WantedLease[] wanted = [new WantedLease(lease.Id, lease.Resource, predicate)];
        CommandStatus room = RoomForWait(lease.Session, wanted);
        if (room != CommandStatus.Done)
        {
            return room;
        }

        var waiter = new Waiter(lease.Session, OwnerOf(terms.OwnerId), wanted)
        {
            Id = terms.WaitId,
            DeadlineMs = NowMs + terms.WaitMs,
            TtlMs = lease.TtlMs,
            Changes = lease,
        };
        outcome = outcome with { Waiter = Enqueue(waiter) };
        return CommandStatus.Done;
    }

    private void ChangeTo(Lease lease, Predicate predicate)
    {
        long previousToken = lease.FencingToken;
        bool passes = SetPredicate(lease, predicate, _events.Next());
        SetRenewed(lease, lease.TtlMs, NowMs + lease.TtlMs);
        EmitLease(EventKind.Changed, lease, previousToken, passes);
    }
}
