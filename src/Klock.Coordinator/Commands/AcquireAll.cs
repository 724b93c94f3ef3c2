using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Asks for all leases of a manifest or none (KLIS-9).</summary>
internal sealed class AcquireAll(in RequestFields request, ILeaseIdSource ids) : AcquireCommand(
    Requester.Of(request),
    [.. Fields.Intents.Read(request).Select(intent => new WantedLease(ids.Next(), intent.Resource, intent.Predicate))],
    request,
    ids)
{
    protected override void WriteGranted(ref JsonText json, IReadOnlyList<Lease> leases)
    {
        Answers.StartData(ref json);
        json.WriteStartArray("leases"u8);
        foreach (Lease lease in leases)
        {
            json.WriteStartObject();
            LeaseJson.WriteGrantedFields(ref json, lease);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Answers.EndData(ref json);
    }
}
