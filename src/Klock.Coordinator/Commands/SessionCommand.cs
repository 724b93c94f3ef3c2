using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>A request about one session: <c>{"agent_id","session_id"}</c> (KLIS-10). One that holds nothing is nothing special.</summary>
internal abstract class SessionCommand : Command
{
    private readonly string _agentId;
    private readonly string _sessionId;

    protected SessionCommand(ReadOnlySpan<byte> request)
    {
        string? agentId = null, sessionId = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.AgentId, ref json))
            {
                agentId = Fields.AgentId.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.SessionId, ref json))
            {
                sessionId = Fields.SessionId.Read(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        _agentId = agentId ?? throw Fields.AgentId.Missing();
        _sessionId = sessionId ?? throw Fields.SessionId.Missing();
    }

    /// <summary>The name of the answer's count.</summary>
    protected abstract string Counted { get; }

    protected sealed override void Run(LeaseTable table, long nowMs, LocalWaits waits, Utf8JsonWriter json)
    {
        int leases = Run(table, _agentId, _sessionId, nowMs);
        Answers.StartData(json);
        json.WriteNumber(Counted, leases);
        Answers.EndData(json);
    }

    protected abstract int Run(LeaseTable table, string agentId, string sessionId, long nowMs);
}
