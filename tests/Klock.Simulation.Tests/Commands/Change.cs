using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Commands;

/// <summary>Changes a lease's predicate in place (KLIS-11).</summary>
internal sealed class Change(long atMs, LeaseId id, Predicate predicate, Waiting? waiting) : Request(atMs)
{
    public override void Send(LeaseTable table)
    {
        WaitTerms? terms = waiting is null ? null : new WaitTerms(waiting.WaitId, waiting.OwnerId, waiting.WaitMs);
        CommandStatus status = table.Change(id, predicate, terms, AtMs, out AcquireOutcome outcome);
        Keep(table, status, outcome);
    }

    public override List<Own> Check(Book book, Rule rule)
    {
        if (Missing.Of(id, book, Status) is { } missing)
        {
            CheckRefused(missing);
            return [];
        }

        BookLease lease = book.FindLease(id)!;
        var want = new Want(id, lease.Want.Place, predicate);
        if (!GainsConflict(lease.Want.Predicate, predicate) || rule.Judge(lease.Session, [want]) == Verdict.Grant)
        {
            CheckGranted([id]);
            return [new Own(EventKind.Changed, id) { Want = want }];
        }

        return CheckJudged(lease, want, book, rule);
    }

    protected override string Describe() => $"lease {(int)id.Value} to {predicate} {waiting}";

    private List<Own> CheckJudged(BookLease lease, Want want, Book book, Rule rule)
    {
        Verdict verdict = rule.Judge(lease.Session, [want]);
        bool waits = waiting is not null && verdict == Verdict.Wait;
        if (waits && book.Waits.Exists(wait => wait.Changes == lease))
        {
            CheckRefused(CommandStatus.ChangeAlreadyQueued);
            return [];
        }

        CheckJudged(verdict, rule, book, waits ? waiting!.WaitId : null);
        if (waits)
        {
            var asked = new Asked(lease.Session, [want], lease.TtlMs);
            return [new Own(EventKind.Queued, waiting!.WaitId) { Asked = asked, Waiting = waiting, Changes = lease }];
        }

        return [new Own(EventKind.Refused, default) { Refusal = new Refusal(lease.Session, want, verdict, book.NowMs) }];
    }

    private static bool GainsConflict(Predicate from, Predicate to) => Strengths.Of(to) > Strengths.Of(from);
}
