using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Events;
using Klock.Kernel.Resources;
using Klock.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Events;

/// <summary>Which events a client wants to see; what is not given does not narrow it down.</summary>
internal sealed class EventFilter
{
    /// <summary>The fields of a query that narrow a stream down.</summary>
    public static readonly string[] Fields = ["agent_id", "session_id", "resource", "namespace", "kind"];

    // Signs of life of waiting processes, every second or two, and of whoever holds: news to nobody who does not ask for them.
    private static readonly string[] _routine = [EventKind.KeptAlive.ToName(), EventKind.Renewed.ToName()];
    private static readonly string[] _concernsAll = [EventKind.Created.ToName(), EventKind.Resumed.ToName()];

    private readonly string? _agentId;
    private readonly string? _sessionId;
    private readonly Resource? _resource;
    private readonly string? _namespace;
    private readonly HashSet<string>? _kinds;
    private readonly NamespaceScope _scope;

    /// <summary>Reads the query's <c>agent_id</c>, <c>session_id</c>, <c>resource</c>, <c>namespace</c> and <c>kind</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="root">What relative names count from; null for nothing.</param>
    /// <param name="scope">Of which namespaces the client may know.</param>
    /// <exception cref="KlockException">A field is there twice, or no resource, or a namespace that is not the client's.</exception>
    public EventFilter(HttpRequest request, StoreRoot? root, NamespaceScope scope)
    {
        _scope = scope;
        _agentId = Query.Field(request, "agent_id");
        _sessionId = Query.Field(request, "session_id");
        _namespace = scope.RequireFilter(
            Query.Field(request, "namespace"), isResource: request.Query.ContainsKey("resource"));
        _resource = Query.Field(request, "resource") is { } text && ToResource(text).In(_namespace) is var written
            ? root?.Name(written) ?? written
            : null;
        _kinds = Query.Field(request, "kind") is { } kinds
            ? kinds.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : null;
    }

    /// <summary>Whether an event is wanted. A gap always is: any of those that it stands for may have been.</summary>
    public bool Passes(in EventLine line) => line.Kind == EventNames.Gap || (MayKnow(line) && IsAskedFor(line));

    private bool MayKnow(in EventLine line) =>
        _scope.Sees(line.Namespace) || _concernsAll.Contains(line.Kind);

    private bool IsAskedFor(in EventLine line) =>
        (_kinds?.Contains(line.Kind) ?? !_routine.Contains(line.Kind))
        && (_agentId is null || line.AgentId == _agentId)
        && (_sessionId is null || line.SessionId == _sessionId)
        && (_namespace is null || line.Namespace == _namespace)
        && (_resource is null || (ResourceOf(line) is { } resource && _resource.Meets(resource)));

    // A store may hold names by the rules of an older version.
    private static Resource? ResourceOf(in EventLine line) =>
        line.Resource is { } text && ResourceTypeNames.TrySplit(text, out ResourceType type, out string path)
        && Resource.TryRestore(type, path, out Resource? resource, out _)
            ? resource!.In(line.Namespace)
            : null;

    private static Resource ToResource(string text)
    {
        string? problem = $"has no type: it must be TYPE:path, with TYPE one of {ResourceTypeNames.Allowed}";
        return ResourceTypeNames.TrySplit(text, out ResourceType type, out string path)
            && Resource.TryCreate(type, path, out Resource? resource, out problem)
            ? resource!
            : throw new KlockException(ErrorCode.InvalidRequest, $"resource {problem}.");
    }
}
