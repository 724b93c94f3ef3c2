using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;

namespace Klock.Coordinator.Commands;

/// <summary>Changes the predicate of a lease in place (KLIS-11).</summary>
internal sealed class ChangeLease(in RequestFields request, ILeaseIdSource ids) : WaitingCommand(request, ids)
{
    private readonly LeaseId? _id = Fields.LeaseId.ReadId(request);
    private readonly NamespaceScope _scope = request.Scope;
    private readonly Predicate _predicate = Fields.Predicate.Read(request);

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        if (_id is not { } id || !Sees(_scope, table, id))
        {
            return WriteLeaseError(ref json, CommandStatus.UnknownLease, ended: null);
        }

        CommandStatus status = table.Change(id, _predicate, Terms(waits), nowMs, out AcquireOutcome outcome);
        return status switch
        {
            CommandStatus.Done => WriteOutcome(ref json, outcome, table.NowMs, waits),
            CommandStatus.ChangeAlreadyQueued => Answers.WriteError(
                ref json, ErrorCode.InvalidRequest, "lease_id names a lease that waits for another change already: at most one may wait."),
            CommandStatus.UnknownLease or CommandStatus.LeaseExpired => WriteLeaseError(ref json, status, table.FindEnded(id)),
            _ => LimitSentences.Write(ref json, status, table.Limits),
        };
    }

    protected override void WriteGranted(ref JsonText json, IReadOnlyList<Lease> leases) => LeaseJson.WriteGranted(ref json, leases[0]);
}
