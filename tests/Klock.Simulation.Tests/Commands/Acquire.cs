using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Commands;

/// <summary>Asks for leases (KLIS-3 to KLIS-9).</summary>
internal sealed class Acquire(long atMs, Asked asked, Waiting? waiting) : Request(atMs)
{
    public Asked Asked { get; } = asked;

    public override void Send(LeaseTable table)
    {
        var request = new AcquireRequest
        {
            AgentId = Asked.Session.Agent.Id,
            SessionId = Asked.Session.Id,
            Wanted = [.. Asked.Wants.Select(want => new WantedLease(want.LeaseId, want.Place.Resource, want.Predicate))],
            TtlMs = Asked.TtlMs,
            Note = Asked.Note,
            RequestId = Asked.RequestId,
            Wait = waiting is null ? null : new WaitTerms(waiting.WaitId, waiting.OwnerId, waiting.WaitMs),
        };
        CommandStatus status = table.Acquire(request, AtMs, out AcquireOutcome outcome);
        Keep(table, status, outcome);
    }

    public override List<Own> Check(Book book, Rule rule)
    {
        List<Own> own = [];
        BookAgent agent = Asked.Session.Agent;
        if (agent.Priority is null)
        {
            own.Add(new Own(EventKind.Registered, default) { Agent = agent, Priority = (ulong)book.NowMs });
        }

        List<BookLease> earlier = book.GrantedAs(Asked.Session, Asked.RequestId);
        if (earlier.Count > 0)
        {
            own.AddRange(CheckRepeat(earlier));
        }
        else if (IsAskedOtherwise(book))
        {
            CheckRefused(CommandStatus.RequestIdReused);
        }
        else if (waiting is not null && Waits(book) is { } first)
        {
            CheckWaits(waiting.WaitId);
            EventKind kind = first.IsQueued ? EventKind.Queued : EventKind.Parked;
            own.Add(new Own(kind, waiting.WaitId) { Asked = Asked, Waiting = waiting, Joins = first });
        }
        else
        {
            own.AddRange(CheckVerdict(book, rule));
        }

        return own;
    }

    protected override string Describe() => $"{Asked} {waiting}";

    // The same name stands for the same request: granted, it gets the leases it already got, for their ttl from now.
    private IEnumerable<Own> CheckRepeat(List<BookLease> earlier)
    {
        if (Asked.IsSameAs([.. earlier.Select(lease => lease.Want)]))
        {
            CheckGranted(earlier.Select(lease => lease.Id));
            return earlier.Select(lease => new Own(EventKind.Renewed, lease.Id));
        }

        CheckRefused(CommandStatus.RequestIdReused);
        return [];
    }

    private bool IsAskedOtherwise(Book book) => Waits(book) is { } first && !first.Asked.IsSameAs(Asked.Wants);

    /// <summary>The request of the same name that waits and has a place; null for none.</summary>
    private BookWait? Waits(Book book) => Asked.RequestId is null ? null : book.Waits.Find(wait =>
        wait.Session == Asked.Session && wait.Asked.RequestId == Asked.RequestId && wait.Joins is null);

    private IEnumerable<Own> CheckVerdict(Book book, Rule rule)
    {
        Verdict verdict = rule.Judge(Asked.Session, Asked.Wants);
        if (verdict == Verdict.Grant)
        {
            CheckGranted(Asked.Wants.Select(want => want.LeaseId));
            return Asked.Wants.Select(want => new Own(EventKind.Granted, want.LeaseId) { Asked = Asked });
        }

        bool waits = waiting is not null && (verdict == Verdict.Wait || !book.HoldsOrQueues(Asked.Session));
        CheckJudged(verdict, rule, book, waits ? waiting!.WaitId : null);
        if (waits)
        {
            EventKind kind = verdict == Verdict.Wait ? EventKind.Queued : EventKind.Parked;
            return [new Own(kind, waiting!.WaitId) { Asked = Asked, Waiting = waiting }];
        }

        return [new Own(EventKind.Refused, default) { Refusal = new Refusal(Asked.Session, Asked.Wants[0], verdict, book.NowMs) }];
    }
}
