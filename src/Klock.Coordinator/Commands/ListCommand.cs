using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>Answers with one list, or a page of it.</summary>
internal sealed class ListCommand<T>(Listing<T> listing, Page page) : Command
{
    public override bool OnlyReads => true;

    protected override Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json)
    {
        PagePart<T> part = page.Of(listing, table, nowMs);
        if (page.IsTooMuch(part))
        {
            return Page.WriteTooMuch(ref json);
        }

        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        part.Write(ref json, "data"u8);
        part.WriteNext(ref json, "next"u8);
        json.WriteEndObject();
        return Outcome.Done;
    }
}
