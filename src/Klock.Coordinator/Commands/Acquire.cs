using System.Text.Json;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Commands;

/// <summary>Asks for one lease.</summary>
internal sealed class Acquire : AcquireCommand
{
    public Acquire(ReadOnlySpan<byte> request, ILeaseIdSource ids)
        : base(ids)
    {
        var terms = default(LeaseTermsReader);
        string? path = null;
        ResourceType? type = null;
        Predicate? predicate = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.ResourceType, ref json))
            {
                type = Fields.ResourceType.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.ResourcePath, ref json))
            {
                path = Fields.ResourcePath.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.Predicate, ref json))
            {
                predicate = Fields.Predicate.Read(ref json);
            }
            else if (!terms.TryRead(ref json))
            {
                RequestReader.SkipValue(ref json);
            }
        }

        var wanted = new WantedLease(ids.Next(), ResourceFields.ToResource(type, path), predicate ?? throw Fields.Predicate.Missing());
        Request = terms.ToRequest([wanted]);
        WaitMs = terms.WaitMs;
    }

    protected override void WriteGranted(Utf8JsonWriter json, IReadOnlyList<Lease> leases) => LeaseJson.WriteGranted(json, leases[0]);
}
