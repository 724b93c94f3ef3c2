using System.Text.Json;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Asks for leases.</summary>
internal abstract class AcquireCommand(ILeaseIdSource ids) : WaitingCommand(ids)
{
    protected AcquireRequest Request { get; set; }

    protected sealed override void Run(LeaseTable table, long nowMs, LocalWaits waits, Utf8JsonWriter json)
    {
        AcquireRequest request = Request with { Wait = Terms(waits), BoundTo = waits.BoundTo };
        CommandStatus status = table.Acquire(request, nowMs, out AcquireOutcome outcome);
        if (status == CommandStatus.RequestIdReused)
        {
            Answers.WriteError(
                json,
                ErrorCode.InvalidRequest,
                "request_id was used by this session for a request that asked for something else, or part of what it got was let go: "
                + "it must be new for a new request.");
            return;
        }

        WriteOutcome(json, outcome, table.NowMs, waits);
    }
}
