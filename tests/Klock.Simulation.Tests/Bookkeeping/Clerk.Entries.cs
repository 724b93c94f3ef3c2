using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <content>The entries themselves: what an event says, and what it makes of the book.</content>
internal sealed partial class Clerk
{
    private void Grant(in Event happened, Asked asked, in Want want)
    {
        Unless(book.UsedIds.Add(want.LeaseId), $"lease id {want.LeaseId} is given out twice");
        var lease = new BookLease
        {
            Session = asked.Session,
            Want = want,
            Token = happened.Sequence,
            AcquiredAtMs = book.NowMs,
            TtlMs = asked.TtlMs,
            ExpiresAtMs = book.NowMs + asked.TtlMs,
            LastHeartbeatMs = book.NowMs,
            RequestId = asked.RequestId,
            Note = asked.Note,
        };
        book.Leases.Add(lease);
        CheckLease(happened, lease);
        _ageing.Pass(happened, lease);
    }

    private void Renew(in Event happened, BookLease lease)
    {
        lease.LastHeartbeatMs = book.NowMs;
        lease.ExpiresAtMs = book.NowMs + lease.TtlMs;
        CheckLease(happened, lease);
    }

    private void Change(in Event happened, BookLease lease, in Want want)
    {
        UnlessSame(lease.Token, happened.PreviousToken, "token before a change");
        bool gains = Strengths.Of(want.Predicate) > Strengths.Of(lease.Want.Predicate);
        lease.Want = want;
        lease.Token = happened.Sequence;
        Renew(happened, lease);
        if (gains)
        {
            _ageing.Pass(happened, lease);
        }
        else
        {
            Unless(!happened.Passes, "a change that gains nothing passes somebody");
        }
    }

    private void End(in Event happened, BookLease lease)
    {
        CheckLease(happened, lease);
        Unless(!book.Waits.Exists(wait => wait.Changes == lease), $"a queued change outlives its lease: {lease}");
        book.Leases.Remove(lease);
        _ageing.SomethingEnded(lease.Session);
        if (happened.Kind != EventKind.Released)
        {
            book.Ended[lease.Id] = (happened.Kind == EventKind.Expired ? LeaseState.Expired : LeaseState.Revoked, book.NowMs);
        }
    }

    private void StartWaiting(in Event happened, Own own)
    {
        Waiting waiting = own.Waiting!;
        Unless(book.UsedIds.Add(waiting.WaitId), $"wait id {waiting.WaitId} is given out twice");
        var wait = new BookWait
        {
            Id = waiting.WaitId,
            Asked = own.Asked!,
            Owner = book.FindOwner(waiting.OwnerId) ?? new BookOwner(waiting.OwnerId),
            DeadlineMs = book.NowMs + waiting.WaitMs,
            Changes = own.Changes,
            Joins = own.Joins,
            IsQueued = happened.Kind == EventKind.Queued,
            Number = happened.Sequence,
        };
        wait.Owner.AliveUntilMs = book.NowMs + book.KeepAliveMs;
        book.Waits.Add(wait);
        UnlessSame(own.Joins is not null, happened.Wait!.IsJoined, "whether a wait shares a place");
        CheckWaiting(happened, wait);
    }

    private void StopWaiting(in Event happened, BookWait wait)
    {
        UnlessSame((wait.Session.Agent.Id, wait.Session.Id), (happened.AgentId!, happened.SessionId!), "who waited");
        PassOn(wait, happened.Wait!);
        book.Waits.Remove(wait);
        _ageing.SomethingEnded(wait.Session);
        UnlessSame(book.HoldsOrQueues(wait.Session) ? 0 : wait.Session.SeniorSince ?? 0, happened.SeniorSince, "what stays senior");
        book.Granting = book.Granting == wait ? null : book.Granting;
    }

    // Whoever shared the place first has it when it was not granted.
    private void PassOn(BookWait ended, WaitFacts told)
    {
        List<BookWait> joined = book.JoinedTo(ended);
        bool isFree = told.Outcome is WaitOutcome.TimedOut or WaitOutcome.OwnerGone or WaitOutcome.Cancelled or WaitOutcome.Closed;
        if (!isFree || joined is not [var first, ..])
        {
            UnlessSame(default, told.Successor, "who has the place of a wait that ended");
            return;
        }

        UnlessSame(first.Id, told.Successor, "who has the place of a wait that ended");
        first.Joins = null;
        first.Number = ended.Number;
        first.Passes = ended.Passes;
        first.Asked = first.Asked with { Wants = ended.Asked.Wants };
        joined.ForEach(other => other.Joins = other == first ? null : first);
    }

    // A process keeps all its waits, a session one of its own.
    private void KeepAlive(in Event happened, LeaseId id)
    {
        if (book.FindWait(id) is { } wait)
        {
            wait.KeptUntilMs = book.NowMs + book.KeepAliveMs;
        }
        else
        {
            UnlessSame(default, happened.Wait!.Id, "wait that a process keeps alive");
            book.FindOwner(id)!.AliveUntilMs = book.NowMs + book.KeepAliveMs;
        }

        UnlessSame(book.NowMs + book.KeepAliveMs, happened.ExpiresAtMs, "how long a wait counts as alive");
    }

    private static void CheckLease(in Event happened, BookLease lease)
    {
        UnlessSame((lease.Session.Agent.Id, lease.Session.Id), (happened.AgentId!, happened.SessionId!), "holder");
        UnlessSame((lease.Want.Place.Text, lease.Want.Predicate), (Place.TextOf(happened.Resource!), happened.Predicate), "claim");
        if (happened.Kind is EventKind.Granted or EventKind.Renewed or EventKind.Changed)
        {
            UnlessSame(lease.Session.SeniorSince ?? 0, happened.SeniorSince, "since when the holder is senior");
        }

        UnlessSame(
            (lease.Token, lease.TtlMs, lease.ExpiresAtMs),
            (happened.FencingToken, happened.TtlMs, happened.ExpiresAtMs),
            "token, ttl, end");
        UnlessSame((lease.RequestId, lease.Note), (happened.RequestId, happened.Note), "request id and note");
    }

    private static void CheckWaiting(in Event happened, BookWait wait)
    {
        WaitFacts told = happened.Wait!;
        UnlessSame(wait.Session.SeniorSince ?? 0, happened.SeniorSince, "since when who waits is senior");
        UnlessSame((wait.Session.Agent.Id, wait.Session.Id), (happened.AgentId!, happened.SessionId!), "who waits");
        UnlessSame(
            (wait.Id, wait.Owner.Id, wait.DeadlineMs, wait.Owner.AliveUntilMs),
            (told.Id, told.OwnerId, told.DeadlineMs, happened.ExpiresAtMs),
            "wait");
        UnlessSame(
            (wait.Asked.TtlMs, wait.Asked.RequestId, wait.Asked.Note),
            (happened.TtlMs, happened.RequestId, happened.Note),
            "what is asked");
        Unless(told.ChangesLease == wait.Changes is not null, "a change is told as a request for new leases, or the other way round");
        bool same = wait.Asked.Wants.Select(want => (want.LeaseId, want.Place.Text, want.Predicate))
            .SequenceEqual(told.Wanted!.Select(wanted => (wanted.LeaseId, Place.TextOf(wanted.Resource), wanted.Predicate)));
        Unless(same, "a wait is told with other intents than it has");
    }
}
