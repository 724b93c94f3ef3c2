using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Asks for leases.</summary>
internal abstract class AcquireCommand(Requester requester, WantedLease[] wanted, in RequestFields request, ILeaseIdSource ids)
    : WaitingCommand(request, ids)
{
    private readonly long _ttlMs = (long)Fields.Ttl.Read(request);
    private readonly string? _note = Fields.Note.ReadOptional(request);
    private readonly string? _requestId = Fields.RequestId.ReadOptional(request);

    public sealed override Concern? Concern => new()
    {
        AgentId = requester.AgentId,
        SessionId = requester.SessionId,
        RequestId = _requestId,
        Intents = [.. wanted.Select(lease => new Intent(lease.Predicate, lease.Resource))],
        MayWait = MayWait,
    };

    protected sealed override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        var asked = new AcquireRequest
        {
            AgentId = requester.AgentId,
            SessionId = requester.SessionId,
            Wanted = wanted,
            TtlMs = _ttlMs,
            Note = _note,
            RequestId = _requestId,
            BoundTo = waits.BoundTo,
            Wait = Terms(waits),
        };
        CommandStatus status = table.Acquire(asked, nowMs, out AcquireOutcome outcome);
        return status switch
        {
            CommandStatus.Done => WriteOutcome(ref json, outcome, table.NowMs, waits),
            CommandStatus.RequestIdReused => Answers.WriteError(
                ref json,
                ErrorCode.InvalidRequest,
                "request_id was used by this session for a request that asked for something else, or part of what it got was let go: "
                    + "it must be new for a new request."),
            _ => LimitSentences.Write(ref json, status, table.Limits),
        };
    }
}
