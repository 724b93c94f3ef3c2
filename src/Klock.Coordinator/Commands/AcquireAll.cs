using System.Text.Json;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Kernel;
using Klock.Kernel.Leases;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Commands;

/// <summary>Asks for all leases of a manifest or none (KLIS-9).</summary>
internal sealed class AcquireAll : AcquireCommand
{
    public AcquireAll(ReadOnlySpan<byte> request, ILeaseIdSource ids)
        : base(ids)
    {
        var terms = default(LeaseTermsReader);
        Intent[]? intents = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.Intents, ref json))
            {
                intents = Fields.Intents.Read(ref json);
            }
            else if (!terms.TryRead(ref json))
            {
                RequestReader.SkipValue(ref json);
            }
        }

        intents = intents ?? throw Fields.Intents.Missing();
        Request = terms.ToRequest([.. intents.Select(intent => new WantedLease(ids.Next(), intent.Resource, intent.Predicate))]);
        WaitMs = terms.WaitMs;
    }

    protected override void WriteGranted(Utf8JsonWriter json, IReadOnlyList<Lease> leases)
    {
        Answers.StartData(json);
        json.WriteStartArray("leases"u8);
        foreach (Lease lease in leases)
        {
            LeaseJson.WriteGrantedFields(json, lease);
        }

        json.WriteEndArray();
        Answers.EndData(json);
    }
}
