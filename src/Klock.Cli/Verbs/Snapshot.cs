using System.Buffers;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Events;
using Klock.Kernel.Resources;

namespace Klock.Cli.Verbs;

/// <summary>Who holds, who waits and what happened lately, of everything or of what meets one resource.</summary>
internal sealed record Snapshot(
    long Sequence, IReadOnlyList<JsonElement> Leases, IReadOnlyList<JsonElement> Waiters, IReadOnlyList<JsonElement> Events)
{
    /// <summary>Whether it was asked for in parts, as one has to where there are no snapshots.</summary>
    private bool IsOfParts { get; init; }

    // The keep-alive of processes that wait, every second or two.
    private static readonly string _keptAlive = EventKind.KeptAlive.ToName();

    // Beside the lists of leases and waiters, renewals say nothing new, and they outnumber all other events.
    private static readonly string _renewed = EventKind.Renewed.ToName();

    /// <summary>An option for how many events to show.</summary>
    public static NumberOption LastOption(ulong byDefault) =>
        new("--last", $"How many of the last events, up to {Limits.Page}", "N", 0, Limits.Page, byDefault);

    /// <summary>Reads all of it.</summary>
    /// <param name="transport">Where it is.</param>
    /// <param name="resource">The resource that everything shown meets; null for everything.</param>
    /// <param name="last">How many of the last events.</param>
    /// <param name="before">The snapshot before, so that only later events are read; null for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="CliFailure">A request failed.</exception>
    public static Snapshot Take(
        ITransport transport, Resource? resource, long last, Snapshot? before = null, CancellationToken cancel = default)
    {
        (string, object?)[] filter = [("resource", resource?.ToString())];
        Func<JsonElement, bool> isWanted = one => KindOf(one) is { } kind && kind != _keptAlive && kind != _renewed
            && (resource is null || Meets(resource, one));
        if (before?.IsOfParts != true)
        {
            Answer whole = transport.Ask(Operation.Snapshot, Request.Of([.. filter, ("agents", "none")]), cancel);
            if (whole.Outcome.IsSuccess)
            {
                return TakeEvents(transport, last, isWanted, whole.Data.GetProperty("sequence").GetInt64(), before, cancel) with
                {
                    Leases = [.. whole.Data.GetProperty("leases").EnumerateArray()],
                    Waiters = [.. whole.Data.GetProperty("waiters").EnumerateArray()],
                };
            }

            if (whole.Outcome.Error is not ErrorCode.InvalidRequest)
            {
                throw whole.ToFailure();
            }
        }

        // An older server has no snapshots, and lists that are too long come in pages. Or the request is invalid, and so is this.
        return TakeEvents(transport, last, isWanted, HeadOf(transport, cancel), before, cancel) with
        {
            Leases = [.. Ask(transport, Operation.ListLeases, filter, cancel).EnumerateArray()],
            Waiters = [.. Ask(transport, Operation.ListWaiters, filter, cancel).EnumerateArray()],
            IsOfParts = true,
        };
    }

    /// <summary>Reads the events alone.</summary>
    public static Snapshot TakeEvents(ITransport transport, long last) =>
        TakeEvents(
            transport, last, static one => KindOf(one) != _keptAlive, HeadOf(transport, CancellationToken.None), before: null,
            CancellationToken.None);

    private static Snapshot TakeEvents(
        ITransport transport, long last, Func<JsonElement, bool> isWanted, long head, Snapshot? before, CancellationToken cancel)
    {
        var events = new RecentEvents(transport, isWanted, (int)last);
        return new Snapshot(head, [], [], before is null || head < before.Sequence ? events.Before(head, cancel)
            : head == before.Sequence ? before.Events
            : [.. before.Events.Concat(events.After(before.LastRead, cancel)).TakeLast((int)last)]);
    }

    // What happened between a look at the head and the look at the events was among the events already.
    private long LastRead => Math.Max(Sequence, Events is [.., JsonElement newest] ? newest.GetProperty("seq").GetInt64() : 0);

    private static long HeadOf(ITransport transport, CancellationToken cancel)
    {
        Answer health = transport.Ask(Operation.Health, Request.Of(), cancel);
        return !health.Outcome.IsSuccess ? throw health.ToFailure()
            : health.Data.TryGetProperty("sequence", out JsonElement sequence) ? sequence.GetInt64()
            : throw OriginalServer.Failure("that was asked", "it keeps no events");
    }

    /// <summary>Everything as one JSON object, in the shape of an answer.</summary>
    /// <param name="more">Writes what comes before the lists.</param>
    public byte[] ToJson(Action<Utf8JsonWriter> more) => Write(json =>
    {
        json.WriteStartObject("data");
        more(json);
        WriteList(json, "leases", Leases);
        WriteList(json, "waiters", Waiters);
        WriteList(json, "events", Events);
        json.WriteEndObject();
    });

    /// <summary>The events alone, in the shape of an events answer.</summary>
    public byte[] EventsJson() => Write(json => WriteList(json, "data", Events));

    public IReadOnlyList<Table> ToTables() => [Tables.Leases(Leases), Tables.Waiters(Waiters), Tables.Events(Events)];

    private static JsonElement Ask(ITransport transport, Operation operation, (string, object?)[] filter, CancellationToken cancel)
    {
        Answer answer = LongList.Ask(transport, operation, filter, cancel);
        return answer.Outcome.IsSuccess ? answer.Data : throw answer.ToFailure();
    }

    private static string? KindOf(JsonElement happened) => happened.GetProperty("kind").GetString();

    private static bool Meets(Resource resource, JsonElement happened) =>
        happened.TryGetProperty("resource", out JsonElement text)
        && ResourceText.TryParse(text.GetString()!, out Resource? other)
        && resource.Meets(other!.In(Tables.NamespaceOf(happened)));

    private static byte[] Write(Action<Utf8JsonWriter> writeData)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("success", true);
            writeData(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<JsonElement> list)
    {
        json.WriteStartArray(name);
        foreach (JsonElement element in list)
        {
            element.WriteTo(json);
        }

        json.WriteEndArray();
    }
}
