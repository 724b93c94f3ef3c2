using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>A request about one lease: <c>{"lease_id"}</c>.</summary>
internal abstract class LeaseCommand(in RequestFields request) : Command
{
    private readonly LeaseId? _id = Fields.LeaseId.ReadId(request);
    private readonly NamespaceScope _scope = request.Scope;

    public sealed override Concern? Concern => new() { Lease = _id };

    protected sealed override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        CommandStatus status = _id is { } known && Sees(_scope, table, known) ? Run(table, known, nowMs) : CommandStatus.UnknownLease;
        if (status != CommandStatus.Done)
        {
            return WriteLeaseError(ref json, status, _id is { } ended ? table.FindEnded(ended) : null);
        }

        Answers.StartData(ref json);
        WriteData(ref json, _id!.Value);
        return Answers.EndData(ref json);
    }

    protected abstract CommandStatus Run(LeaseTable table, LeaseId id, long nowMs);

    protected abstract void WriteData(ref JsonText json, LeaseId id);
}
