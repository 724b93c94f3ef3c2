using System.Text.Json;
using Klock.Coordinator.Json;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Commands;

/// <summary>A request about one lease: <c>{"lease_id"}</c>.</summary>
internal abstract class LeaseCommand : Command
{
    private readonly LeaseId? _id;

    protected LeaseCommand(ReadOnlySpan<byte> request)
    {
        bool found = false;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.LeaseId, ref json))
            {
                _id = Fields.LeaseId.ReadId(ref json);
                found = true;
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
    }

    protected sealed override void Run(LeaseTable table, long nowMs, LocalWaits waits, Utf8JsonWriter json)
    {
        CommandStatus status = _id is { } known ? Run(table, known, nowMs) : CommandStatus.UnknownLease;
        if (status != CommandStatus.Done)
        {
            WriteLeaseError(json, status, _id is { } ended ? table.FindEnded(ended) : null);
            return;
        }

        Answers.StartData(json);
        WriteData(json, _id!.Value);
        Answers.EndData(json);
    }

    protected abstract CommandStatus Run(LeaseTable table, LeaseId id, long nowMs);

    protected abstract void WriteData(Utf8JsonWriter json, LeaseId id);
}
