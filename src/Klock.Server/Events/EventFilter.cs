using Klock.Coordinator;
using Klock.Coordinator.Json;
using Klock.Coordinator.Paths;
using Klock.Kernel.Resources;
using Klock.Server.Routes;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Events;

/// <summary>Which events a client wants to see; what is not given does not narrow it down.</summary>
internal sealed class EventFilter
{
    // A sign of life of waiting processes, every second or two: news to nobody who does not ask for it.
    private const string KeptAlive = "KEPT_ALIVE";

    private readonly string? _agentId;
    private readonly string? _sessionId;
    private readonly Resource? _resource;
    private readonly HashSet<string>? _kinds;

    /// <summary>Reads the query's <c>agent_id</c>, <c>session_id</c>, <c>resource</c> and <c>kind</c>.</summary>
    /// <exception cref="KlockException">A field is there twice, or no resource.</exception>
    public EventFilter(HttpRequest request, StoreRoot? root)
    {
        _agentId = RequestText.QueryField(request, "agent_id");
        _sessionId = RequestText.QueryField(request, "session_id");
        _resource = RequestText.QueryField(request, "resource") is { } text && ToResource(text) is var written
            ? root?.Name(written) ?? written
            : null;
        _kinds = RequestText.QueryField(request, "kind") is { } kinds
            ? kinds.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : null;
    }

    /// <summary>Whether an event is wanted. A gap always is: any of those that it stands for may have been.</summary>
    public bool Passes(in EventLine line) => line.Kind == EventNames.Gap || IsAskedFor(line);

    private bool IsAskedFor(in EventLine line) =>
        (_kinds?.Contains(line.Kind) ?? line.Kind != KeptAlive)
        && (_agentId is null || line.AgentId == _agentId)
        && (_sessionId is null || line.SessionId == _sessionId)
        && (_resource is null || (line.Resource is { } text && Parse(text, out _) is { } resource && _resource.Meets(resource)));

    private static Resource ToResource(string text) => Parse(text, out string? problem)
        ?? throw new KlockException(ErrorCode.InvalidRequest, $"resource {problem}.");

    private static Resource? Parse(string text, out string? problem)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !ResourceTypeNames.TryParse(text.AsSpan(0, colon), out ResourceType type))
        {
            problem = $"has no type: it must be TYPE:path, with TYPE one of {ResourceTypeNames.Allowed}";
            return null;
        }

        return Resource.TryCreate(type, text[(colon + 1)..], out Resource? resource, out problem) ? resource : null;
    }
}
