namespace Klock.Coordinator.Json;

/// <summary>Who asks: <c>agent_id</c> and <c>session_id</c>.</summary>
internal readonly record struct Requester(string AgentId, string SessionId)
{
    public static Requester Of(in RequestFields request) => new(Fields.AgentId.Read(request), Fields.SessionId.Read(request));
}
