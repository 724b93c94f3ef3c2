using System.Text.Json;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;

namespace Klock.Coordinator.Commands;

/// <summary>Changes the predicate of a lease in place (KLIS-11).</summary>
internal sealed class ChangeLease : WaitingCommand
{
    private readonly LeaseId? _id;
    private readonly Predicate _predicate;

    public ChangeLease(ReadOnlySpan<byte> request, ILeaseIdSource ids)
        : base(ids)
    {
        bool found = false;
        Predicate? predicate = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.LeaseId, ref json))
            {
                _id = Fields.LeaseId.ReadId(ref json);
                found = true;
            }
            else if (RequestReader.IsValueOf(Fields.Predicate, ref json))
            {
                predicate = Fields.Predicate.Read(ref json);
            }
            else if (RequestReader.IsValueOf(Fields.WaitMs, ref json))
            {
                WaitMs = (long)(Fields.WaitMs.ReadOptional(ref json) ?? 0);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        if (!found)
        {
            throw Fields.LeaseId.Missing();
        }

        _predicate = predicate ?? throw Fields.Predicate.Missing();
    }

    protected override void Run(LeaseTable table, long nowMs, LocalWaits waits, Utf8JsonWriter json)
    {
        if (_id is not { } id)
        {
            WriteLeaseError(json, CommandStatus.UnknownLease, ended: null);
            return;
        }

        CommandStatus status = table.Change(id, _predicate, Terms(waits), nowMs, out AcquireOutcome outcome);
        if (status == CommandStatus.ChangeAlreadyQueued)
        {
            Answers.WriteError(
                json, ErrorCode.InvalidRequest, "lease_id names a lease that waits for another change already: at most one may wait.");
        }
        else if (status != CommandStatus.Done)
        {
            WriteLeaseError(json, status, table.FindEnded(id));
        }
        else
        {
            WriteOutcome(json, outcome, table.NowMs, waits);
        }
    }

    protected override void WriteGranted(Utf8JsonWriter json, IReadOnlyList<Lease> leases) => LeaseJson.WriteGranted(json, leases[0]);
}
