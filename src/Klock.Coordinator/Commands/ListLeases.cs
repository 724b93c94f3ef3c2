using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Leases;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Commands;

/// <summary>Lists active leases, in the order they were granted; filters narrow it down together.</summary>
internal sealed class ListLeases : Command
{
    private readonly string? _agentId;
    private readonly string? _sessionId;
    private readonly Resource? _resource;

    public ListLeases(ReadOnlySpan<byte> request)
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

    protected override void Run(LeaseTable table, long nowMs, LocalWaits waits, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (Lease lease in table.ActiveLeases(nowMs).Where(IsAskedFor).OrderBy(lease => lease.FencingToken))
        {
            LeaseJson.WriteListed(json, lease);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private bool IsAskedFor(Lease lease) =>
        (_agentId is null || string.Equals(_agentId, lease.Session.Agent.Id, StringComparison.Ordinal))
        && (_sessionId is null || string.Equals(_sessionId, lease.Session.Id, StringComparison.Ordinal))
        && (_resource is null || _resource.Meets(lease.Resource));
}
