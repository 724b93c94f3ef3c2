using System.Globalization;
using System.Text;
using System.Text.Json;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Security;
using Klock.Server.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Events;

/// <summary>Answers <c>GET /events</c>: a stream, or a list for who accepts JSON.</summary>
internal sealed class EventsHandler(
    LeaseCoordinator coordinator, ServerScope scopes, EventFeed feed, ServerMetrics metrics, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger log)
{
    /// <summary>What a stream is.</summary>
    public const string StreamType = "text/event-stream";

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        try
        {
            if (request.Headers.Accept.ToString().Contains(JsonAnswer.MediaType, StringComparison.OrdinalIgnoreCase))
            {
                await ListAsync(context);
                return;
            }

            var filter = new EventFilter(request, coordinator.Root, scopes.Of(context));
            long? after = ReadNumber("Last-Event-ID", request.Headers["Last-Event-ID"].ToString())
                ?? ReadNumber("after", Query.Field(request, "after"));
            await FollowAsync(context, filter, after, Newest(isNeeded: after is null));
        }
        catch (KlockException refused)
        {
            await ErrorAnswer.WriteAsync(context, refused.Code, refused.Message);
        }
    }

    private static long? ReadNumber(string name, string? text) =>
        string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
        : throw new KlockException(
            ErrorCode.InvalidRequest, $"{name} is not a number: it must be an integer from 0 to {long.MaxValue}, the last event you have.");

    private static string ListRequest(HttpRequest request)
    {
        if (Array.Find(EventFilter.Fields, request.Query.ContainsKey) is { } filter)
        {
            throw new KlockException(
                ErrorCode.InvalidRequest, $"{filter} narrows down a stream: a list, for who accepts JSON, takes after and limit alone.");
        }

        // Whole numbers go in as numbers, anything else as the text it is, so that the coordinator says what is wrong.
        IEnumerable<string> fields = from name in (string[])["after", "limit"]
            let text = Query.Field(request, name)
            where text is not null
            let isNumber = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            select $"\"{name}\":{(isNumber ? text : $"\"{JsonEncodedText.Encode(text)}\"")}";
        return $"{{{string.Join(',', fields)}}}";
    }

    private Task ListAsync(HttpContext context)
    {
        var reply = new Reply();
        coordinator.Execute(Operation.Events, Encoding.UTF8.GetBytes(ListRequest(context.Request)), reply, scopes.Of(context));
        return JsonAnswer.WriteAsync(context, HttpStatus.Of(reply.Outcome, StatusCodes.Status200OK), reply).AsTask();
    }

    // One who resumes is told of nothing that fails for now: it waits. What number it names is not for others to go by.
    private long? Newest(bool isNeeded)
    {
        try
        {
            return coordinator.ReadHealth().Sequence;
        }
        catch (KlockException) when (!isNeeded)
        {
            return null;
        }
    }

    private async Task FollowAsync(HttpContext context, EventFilter filter, long? after, long? newest)
    {
        context.Response.ContentType = StreamType;
        context.Response.Headers.CacheControl = "no-cache";
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        metrics.EventStreams.Inc();
        var stream = new EventStream(feed.Join(newest ?? 0), feed.SourceOfOne(), time, filter);
        try
        {
            if (!await stream.RunAsync(context.Response.BodyWriter, after ?? newest!.Value, cancel.Token)
                && !context.RequestAborted.IsCancellationRequested)
            {
                metrics.StreamsDropped.Inc();
                Log.StreamDropped(log);
                context.Abort();
            }
        }
        finally
        {
            feed.Leave();
            metrics.EventStreams.Dec();
        }
    }
}
