using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Commands;

/// <summary>A command that is judged: its answer, and how that is compared with the rule.</summary>
internal abstract class Request(long atMs) : Command(atMs)
{
    private List<LeaseId> _leases = [];
    private Waiter? _waiter;
    private ConflictSet? _conflicts;
    private long _kernelNowMs;

    protected CommandStatus Status { get; private set; }

    protected void Keep(LeaseTable table, CommandStatus status, in AcquireOutcome outcome)
    {
        Status = status;
        _kernelNowMs = table.NowMs;
        _leases = [.. outcome.Leases.Select(lease => lease.Id)];
        _waiter = outcome.Waiter;
        _conflicts = outcome.Conflicts;
        Answer = status != CommandStatus.Done ? $"{status}"
            : outcome.IsGranted ? "granted"
            : $"{_conflicts.Verdict}{(_waiter is null ? "" : _waiter.IsQueued ? ", queued" : ", parked")}";
    }

    protected void CheckGranted(IEnumerable<LeaseId> ids)
    {
        UnlessSame(CommandStatus.Done, Status, "status of a request that may be granted");
        Unless(_leases.SequenceEqual(ids), $"a request that may be granted was answered {Answer} with {_leases.Count} leases");
        UnlessSame(null, _waiter, "wait of a request that was granted");
    }

    /// <summary>Neither granted nor judged: it waits in the place of an earlier wait.</summary>
    protected void CheckWaits(LeaseId waitId)
    {
        UnlessSame(CommandStatus.Done, Status, "status of a request that waits");
        UnlessSame(0, _leases.Count, "leases of a request that waits");
        UnlessSame(waitId, _waiter?.Id, "wait");
    }

    protected void CheckRefused(CommandStatus status)
    {
        UnlessSame(status, Status, "status");
        Unless(_waiter is null, "a command that could not be carried out waits");
    }

    /// <summary>Not granted: the verdict and what is in the way must be the rule's, which has just judged the request.</summary>
    protected void CheckJudged(Verdict verdict, Rule rule, Book book, LeaseId? waitId)
    {
        UnlessSame(CommandStatus.Done, Status, "status of a judged request");
        UnlessSame(0, _leases.Count, "leases granted in spite of the rule");
        UnlessSame(waitId, _waiter?.Id, "wait");
        Conflicts.Check(_conflicts!, _kernelNowMs, verdict, rule, book);
    }
}
