using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>A request about one session: <c>{"agent_id","session_id"}</c> (KLIS-10). One that holds nothing is no error.</summary>
internal abstract class SessionCommand(in RequestFields request) : Command
{
    private readonly Requester _requester = Requester.Of(request);
    private readonly NamespaceScope _scope = request.Scope;

    /// <summary>The name of the answer's count.</summary>
    protected abstract ReadOnlySpan<byte> Counted { get; }

    protected sealed override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        int leases = Run(table, _requester.AgentId, _requester.SessionId, nowMs, _scope.IsConfined ? _scope.Sees : null);
        Answers.StartData(ref json);
        json.WriteNumber(Counted, leases);
        return Answers.EndData(ref json);
    }

    /// <param name="table">The state.</param>
    /// <param name="agentId">Whose session.</param>
    /// <param name="sessionId">Which one.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="isMeant">Which claims of the session; null for all.</param>
    protected abstract int Run(LeaseTable table, string agentId, string sessionId, long nowMs, Func<Claim, bool>? isMeant);
}
