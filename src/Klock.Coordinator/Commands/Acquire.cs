using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Asks for one lease.</summary>
internal sealed class Acquire(in RequestFields request, ILeaseIdSource ids) : AcquireCommand(
    Requester.Of(request),
    [new WantedLease(ids.Next(), ResourceFields.Read(request, Fields.Namespace.ReadForResource(request)), Fields.Predicate.Read(request))],
    request,
    ids)
{
    protected override void WriteGranted(ref JsonText json, IReadOnlyList<Lease> leases) => LeaseJson.WriteGranted(ref json, leases[0]);
}
