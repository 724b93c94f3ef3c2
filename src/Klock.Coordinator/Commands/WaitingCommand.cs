using System.Text.Json;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Leases;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Commands;

/// <summary>A request that may have to wait for its answer (KLIS-8).</summary>
internal abstract class WaitingCommand(ILeaseIdSource ids) : Command, IWaitAnswer
{
    /// <summary>How long to wait at the most; 0 to be answered at once.</summary>
    protected long WaitMs { get; set; }

    public void WriteAnswer(Utf8JsonWriter json, LeaseTable table, Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases)
    {
        switch (outcome)
        {
            case WaitOutcome.Granted:
                WriteGranted(json, leases);
                break;
            case WaitOutcome.TimedOut or WaitOutcome.OwnerGone:
                RefusalJson.Write(json, RefusalJson.WaitTimeout, table.WhatBlocks(waiter), table.NowMs);
                break;
            case WaitOutcome.MustDie:
                RefusalJson.Write(json, RefusalJson.Die, table.WhatBlocks(waiter), table.NowMs);
                break;
            case WaitOutcome.LeaseExpired:
                WriteLeaseError(json, CommandStatus.LeaseExpired, ended: null);
                break;
            case WaitOutcome.LeaseEnded:
                WriteLeaseError(json, CommandStatus.UnknownLease, ended: null);
                break;
            default:
                Answers.WriteError(json, ErrorCode.Closed, "The session or the handle was closed while the request waited.");
                break;
        }
    }

    protected abstract void WriteGranted(Utf8JsonWriter json, IReadOnlyList<Lease> leases);

    protected WaitTerms? Terms(LocalWaits waits) => WaitMs == 0 ? null : new WaitTerms(ids.Next(), waits.OwnerId, WaitMs);

    protected void WriteOutcome(Utf8JsonWriter json, in AcquireOutcome outcome, long nowMs, LocalWaits waits)
    {
        if (outcome.IsGranted)
        {
            WriteGranted(json, outcome.Leases);
        }
        else if (outcome.Waiter is { } waiter)
        {
            Pending = new PendingWait(waiter, this);
            waits.Add(Pending);
        }
        else
        {
            RefusalJson.Write(json, RefusalJson.ReasonOf(outcome.Conflicts.Verdict), outcome.Conflicts, nowMs);
        }
    }
}
