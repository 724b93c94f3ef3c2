using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Events;
using Klock.Kernel.Resources;
using Klock.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Events;

/// <summary>Which events a client wants; a field that is not given matches all.</summary>
internal sealed class EventFilter
{
    /// <summary>The fields of a query that filter a stream.</summary>
    public static readonly string[] Fields = ["agent_id", "session_id", "resource", "namespace", "kind"];

    // Keep-alives of waiting processes and renewals, every second or two: sent only to clients that ask for them.
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
    /// <param name="root">The root that relative names count from; null for none.</param>
    /// <param name="scope">The namespaces that the client may see.</param>
    /// <exception cref="KlockException">A field is given twice, or is no resource, or no namespace of the client's.</exception>
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

    /// <summary>Whether an event is wanted. A gap always is: a wanted event may have been among those it stands for.</summary>
    public bool Passes(in EventLine line) => line.Kind == EventNames.Gap || (MayKnow(line) && IsAskedFor(line));

    private bool MayKnow(in EventLine line) =>
        _scope.Sees(line.Namespace) || _concernsAll.Contains(line.Kind);

    private bool IsAskedFor(in EventLine line) =>
        (_kinds?.Contains(line.Kind) ?? !_routine.Contains(line.Kind))
        && (_agentId is null || line.AgentId == _agentId)
        && (_sessionId is null || line.SessionId == _sessionId)
        && (_namespace is null || line.Namespace == _namespace)
        && (_resource is null || (ResourceOf(line) is { } resource && _resource.Meets(resource)));

    // A store may have names by the rules of an older version.
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
