using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Commands;

/// <summary>A request that may have to wait for its answer (KLIS-8).</summary>
internal abstract class WaitingCommand(in RequestFields request, ILeaseIdSource ids) : Command, IWaitAnswer
{
    // How long to wait at the most, 0 for an answer at once; and the id of the wait, drawn here since nothing may fail under the store's
    // lock.
    private readonly (long Ms, LeaseId Id) _wait = ReadWait(request, ids);

    /// <summary>Whether it waits when it is not granted at once.</summary>
    protected bool MayWait => _wait.Ms > 0;

    public Outcome WriteAnswer(ref JsonText json, LeaseTable table, Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases)
    {
        switch (outcome)
        {
            case WaitOutcome.Granted:
                WriteGranted(ref json, leases);
                return Outcome.Granted;
            case WaitOutcome.TimedOut or WaitOutcome.OwnerGone:
                return RefusalJson.Write(ref json, RefusalReason.WaitTimeout, table.WhatBlocks(waiter), table.NowMs);
            case WaitOutcome.MustDie:
                return RefusalJson.Write(ref json, RefusalReason.Die, table.WhatBlocks(waiter), table.NowMs);
            case WaitOutcome.LeaseExpired:
                return WriteLeaseError(ref json, CommandStatus.LeaseExpired, ended: null);
            case WaitOutcome.LeaseEnded:
                return WriteLeaseError(ref json, CommandStatus.UnknownLease, ended: null);
            default:
                return Answers.WriteError(ref json, ErrorCode.Closed, "The session or the handle was closed while the request waited.");
        }
    }

    protected abstract void WriteGranted(ref JsonText json, IReadOnlyList<Lease> leases);

    protected WaitTerms? Terms(LocalWaits waits) => _wait.Ms == 0 ? null : new WaitTerms(_wait.Id, waits.OwnerId, _wait.Ms);

    protected Outcome WriteOutcome(ref JsonText json, in AcquireOutcome outcome, long nowMs, LocalWaits waits)
    {
        if (outcome.IsGranted)
        {
            WriteGranted(ref json, outcome.Leases);
            return Outcome.Granted;
        }

        if (outcome.Waiter is { } waiter)
        {
            Pending = new PendingWait(waiter, this);
            waits.Add(Pending);
            return default;
        }

        return RefusalJson.Write(ref json, RefusalJson.ReasonOf(outcome.Conflicts.Verdict), outcome.Conflicts, nowMs);
    }

    private static (long Ms, LeaseId Id) ReadWait(in RequestFields request, ILeaseIdSource ids)
    {
        long waitMs = (long)(Fields.WaitMs.ReadOptional(request) ?? 0);
        return (waitMs, waitMs == 0 ? default : ids.Next());
    }
}
