using System.Text;
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
        string? text = null;
        Utf8JsonReader json = RequestReader.Open(request);
        while (RequestReader.NextField(ref json))
        {
            if (RequestReader.IsValueOf(Fields.LeaseId, ref json))
            {
                text = Fields.LeaseId.Read(ref json);
            }
            else
            {
                RequestReader.SkipValue(ref json);
            }
        }

        _id = ToId(text);
    }

    /// <summary>Reads an id. Any text may be asked about; one that cannot be an id, null here, names no lease.</summary>
    public static LeaseId? ToId(string? text) =>
        LeaseId.TryParse(Encoding.UTF8.GetBytes(text ?? throw Fields.LeaseId.Missing()), out LeaseId id) ? id : null;

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
