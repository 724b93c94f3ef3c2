using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Kernel.Claims;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Commands;

/// <summary>
/// Which claims are asked for: <c>{"agent_id"?,"session_id"?,"resource"?,"namespace"?}</c>, which all must match.
/// </summary>
internal sealed class ClaimFilter(in RequestFields request)
{
    private readonly string? _sessionId = Fields.SessionId.ReadOptional(request);
    private readonly string? _namespace = Fields.Namespace.ReadFilter(request);
    private readonly NamespaceScope _scope = request.Scope;
    private readonly Resource? _resource = ResourceFields.ReadFilter(request);

    /// <summary>The agent whose claims alone are asked for; null for those of all.</summary>
    public string? AgentId { get; } = Fields.AgentId.ReadOptional(request);

    /// <summary>Whether a claim passes the filter: a resource selects all that meet it, so one without a namespace those in none.</summary>
    public bool Passes(Claim claim) =>
        _scope.Sees(claim)
        && (AgentId is null || string.Equals(AgentId, claim.Session.Agent.Id, StringComparison.Ordinal))
        && (_sessionId is null || string.Equals(_sessionId, claim.Session.Id, StringComparison.Ordinal))
        && (_namespace is null || claim.Resource.IsInNamespace(_namespace))
        && (_resource is null || _resource.Meets(claim.Resource));
}
