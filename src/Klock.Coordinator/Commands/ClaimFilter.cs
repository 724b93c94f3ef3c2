using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Commands;

/// <summary>Which claims are asked for: <c>{"agent_id"?,"session_id"?,"resource"?}</c>, which narrow it down together.</summary>
internal readonly struct ClaimFilter
{
    private readonly string? _agentId;
    private readonly string? _sessionId;
    private readonly Resource? _resource;

    /// <summary>Reads the request.</summary>
    /// <exception cref="KlockException">It is not one, or the resource is none.</exception>
    public ClaimFilter(ReadOnlySpan<byte> request)
    {
        string? resource = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.AgentId, ref json))
            {
                _agentId = Fields.AgentId.ReadOptional(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.SessionId, ref json))
            {
                _sessionId = Fields.SessionId.ReadOptional(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Resource, ref json))
            {
                resource = Fields.Resource.ReadOptional(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        _resource = resource is null ? null : ResourceFields.ToResource(resource);
    }

    /// <summary>Whether a claim is one of those: a resource asks for all that meet it.</summary>
    public bool Passes(Claim claim) =>
        (_agentId is null || string.Equals(_agentId, claim.Session.Agent.Id, StringComparison.Ordinal))
        && (_sessionId is null || string.Equals(_sessionId, claim.Session.Id, StringComparison.Ordinal))
        && (_resource is null || _resource.Meets(claim.Resource));
}
