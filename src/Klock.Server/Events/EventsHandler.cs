using System.Buffers;
using System.Globalization;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Server.Http;
using Klock.Server.Security;
using Klock.Server.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Events;

/// <summary>Answers <c>GET /events</c>: a stream, or a list for a client that accepts JSON.</summary>
internal sealed class EventsHandler(
    LeaseCoordinator coordinator, ServerScope scopes, EventFeed feed, ServerMetrics metrics, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger log)
{
    /// <summary>The media type of a stream.</summary>
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
            await FollowAsync(context, filter, after, await NewestAsync(isNeeded: after is null));
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

    private async Task ListAsync(HttpContext context)
    {
        if (Array.Find(EventFilter.Fields, context.Request.Query.ContainsKey) is { } filter)
        {
            throw new KlockException(
                ErrorCode.InvalidRequest, $"{filter} narrows down a stream: a list, for who accepts JSON, takes after and limit alone.");
        }

        var request = new ArrayBufferWriter<byte>();
        Query.Write(context.Request, Operation.Events, request);
        var reply = new Reply();
        await coordinator.BeginAsync(Operation.Events, request.WrittenSpan, reply, scopes.Of(context));
        await JsonAnswer.WriteAsync(context, HttpStatus.Of(reply.Outcome, StatusCodes.Status200OK), reply);
    }

    // A client that resumes gets no error while the store fails for now: it waits. Nor does the number it sends set anybody else's start.
    private async Task<long?> NewestAsync(bool isNeeded)
    {
        try
        {
            return (await coordinator.ReadHealthAsync()).Sequence;
        }
        catch (KlockException) when (!isNeeded)
        {
            return null;
        }
    }

    private async Task FollowAsync(HttpContext context, EventFilter filter, long? after, long? newest)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        EventTail tail = feed.Join(newest ?? 0) ?? throw new KlockException(
            ErrorCode.StorageUnavailable,
            $"{Limits.EventStreams} event streams are open, which is the most: try again when one has ended.");
        metrics.EventStreams.Inc();
        try
        {
            context.Response.ContentType = StreamType;
            context.Response.Headers.CacheControl = "no-store";
            var stream = new EventStream(tail, feed.SourceOfOne(), time, filter);
            if (!await stream.RunAsync(context.Response.BodyWriter, after ?? newest!.Value, cancel.Token))
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
