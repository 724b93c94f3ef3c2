using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>Enters events in the book, each only if SPEC allows it at that moment.</summary>
internal sealed partial class Clerk(Book book, Rule rule, Settled settled)
{
    private readonly Ageing _ageing = new(book);

    /// <summary>Enters an event that a command causes by itself.</summary>
    public void EnterOwn(in Event happened, Own own)
    {
        CheckHeader(happened);
        switch (own.Kind)
        {
            case EventKind.Registered:
                UnlessSame(own.Priority, happened.Priority, "priority");
                own.Agent!.Priority = own.Priority;
                break;
            case EventKind.Granted:
                Grant(happened, own.Asked!, own.Asked!.Wants.First(want => want.LeaseId == own.Id));
                break;
            case EventKind.Renewed:
                Renew(happened, book.FindLease(own.Id)!);
                break;
            case EventKind.Changed:
                Change(happened, book.FindLease(own.Id)!, own.Want);
                break;
            case EventKind.Released or EventKind.Revoked:
                End(happened, book.FindLease(own.Id)!);
                break;
            case EventKind.Queued or EventKind.Parked:
                StartWaiting(happened, own);
                break;
            case EventKind.WaitEnded:
                StopWaiting(happened, book.FindWait(own.Id)!);
                break;
            case EventKind.KeptAlive:
                KeepAlive(happened, own.Id);
                break;
            default:
                throw new Violation($"no command causes {happened.Kind} by itself");
        }
    }

    /// <summary>Enters an event that happens by itself: because time has passed, or because somebody was freed.</summary>
    public void EnterAutomatic(in Event happened)
    {
        CheckHeader(happened);
        switch (happened.Kind)
        {
            case EventKind.Expired:
                BookLease lease = Known(happened);
                Unless(lease.ExpiresAtMs <= book.NowMs, $"a lease ends before its time: {lease}");
                Unless(!settled.AnyWaitOverdue, "a lease ends before the waits that are overdue");
                End(happened, lease);
                break;
            case EventKind.WaitEnded:
                BookWait wait = KnownWait(happened);
                CheckEnd(wait, happened.Wait!.Outcome);
                StopWaiting(happened, wait);
                break;
            case EventKind.Granted:
                GrantWaiting(happened);
                break;
            case EventKind.Changed:
                ChangeWaiting(happened);
                break;
            case EventKind.Promoted:
                Promote(happened);
                break;
            default:
                throw new Violation($"{happened.Kind} does not happen by itself");
        }
    }

    public bool IsRefusal(in Event happened)
    {
        if (happened.Kind != EventKind.Refused)
        {
            return false;
        }

        UnlessSame(book.Sequence + 1, happened.Sequence, "number of a refusal");
        book.Sequence++;
        Unless(book.UntoldRefusals.TryDequeue(out Refusal? told), "a refusal that nobody got");
        (BookSession session, Want first) = (told!.Session, told.First);
        UnlessSame(
            (session.Agent.Id, session.Id, first.Place.Text, first.Predicate, told.Verdict, told.AtMs),
            (happened.AgentId!, happened.SessionId!, Place.TextOf(happened.Resource!), happened.Predicate, happened.Verdict, happened.AtMs),
            "refusal");
        return true;
    }

    private void CheckHeader(in Event happened)
    {
        UnlessSame(book.Sequence + 1, happened.Sequence, "number of an event");
        book.Sequence++;
        UnlessSame(book.NowMs, happened.AtMs, "time of an event");
        Unless(book.UntoldRefusals.Count == 0, "an event overtakes a refusal");
        BookWait? granting = book.Granting;
        bool isItsOwn = granting is null || happened.Wait?.Id == granting.Id
            || granting.Asked.Wants.Select(want => want.LeaseId).Contains(happened.LeaseId);
        Unless(isItsOwn, $"something happens between the grants of one request: {granting}");
    }

    private BookLease Known(in Event happened) =>
        book.FindLease(happened.LeaseId) ?? throw new Violation($"{happened.Kind} of a lease that is not active");

    private BookWait KnownWait(in Event happened) =>
        book.FindWait(happened.Wait!.Id) ?? throw new Violation($"{happened.Kind} of a request that does not wait");

    // Whoever waits is granted only when nothing is overdue any more, when the rule says so, and not before those who came earlier.
    private void CheckMayGo(BookWait wait)
    {
        Unless(!settled.AnyOverdue, "a request is granted while something is overdue");
        UnlessSame(Verdict.Grant, rule.Judge(wait), $"verdict on {wait}, which is granted");
        CheckTurn(wait);
    }

    private void CheckTurn(BookWait wait)
    {
        foreach (BookWait earlier in book.Waits)
        {
            if (!wait.IsQueued && earlier is { IsQueued: false, Joins: null } && earlier.Number < wait.Number)
            {
                Unless(rule.Judge(earlier) == Verdict.Die, $"parked requests are not judged in order of arrival: {wait}\nbefore {earlier}");
            }
        }
    }

    private void GrantWaiting(in Event happened)
    {
        LeaseId id = happened.LeaseId;
        BookWait wait = book.Waits.Find(waits => waits.Changes is null && waits.Asked.Wants.Any(want => want.LeaseId == id))
            ?? throw new Violation("a lease is granted that nobody asked for");
        if (wait.Given == 0)
        {
            CheckMayGo(wait);
        }

        UnlessSame(wait.Asked.Wants[wait.Given++].LeaseId, id, "next lease of a request");
        book.Granting = wait;
        Grant(happened, wait.Asked, wait.Asked.Wants[wait.Given - 1]);
    }

    private void ChangeWaiting(in Event happened)
    {
        LeaseId id = happened.LeaseId;
        BookWait wait = book.Waits.Find(waits => waits.Changes?.Id == id)
            ?? throw new Violation("a lease changes that nobody asked to change");
        CheckMayGo(wait);
        wait.Given++;
        book.Granting = wait;
        Change(happened, wait.Changes!, wait.Asked.Wants[0]);
    }

    private void Promote(in Event happened)
    {
        BookWait wait = KnownWait(happened);
        Unless(!wait.IsQueued, "a queued request is queued again");
        Unless(wait.Joins is null, "a request is queued that shares a place");
        Unless(!settled.AnyOverdue, "a request is queued while something is overdue");
        UnlessSame(Verdict.Wait, rule.Judge(wait), $"verdict on {wait}, which is queued");
        CheckTurn(wait);
        wait.IsQueued = true;
        wait.Number = happened.Sequence;
        book.JoinedTo(wait).ForEach(joined => joined.IsQueued = true);
        CheckWaiting(happened, wait);
    }

    private void CheckEnd(BookWait wait, WaitOutcome outcome)
    {
        bool isRepeat = wait.Given == 0 && book.GrantedAs(wait.Session, wait.Asked.RequestId).Count > 0;
        bool holds = outcome switch
        {
            WaitOutcome.Granted => wait.Given == wait.Asked.Wants.Length || isRepeat,
            WaitOutcome.TimedOut => wait.DeadlineMs <= book.NowMs,
            WaitOutcome.OwnerGone => wait.AliveUntilMs <= book.NowMs,
            WaitOutcome.MustDie => !wait.IsQueued && book.HoldsOrQueues(wait.Session) && !isRepeat,
            WaitOutcome.LeaseExpired => wait.Changes?.ExpiresAtMs <= book.NowMs && !settled.AnyWaitOverdue,
            _ => false,
        };
        Unless(holds, $"a wait ends as {outcome} and may not: {wait}");
    }
}
