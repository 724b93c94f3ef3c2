using System.Buffers;
using Klock.Coordinator.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Klock.Server.Http;

/// <summary>Writes a JSON answer in one piece.</summary>
internal static class JsonAnswer
{
    /// <summary>The media type of answers.</summary>
    public const string MediaType = "application/json";

    /// <summary>How long a client should wait before it asks again a server that is closing or whose store fails, in s.</summary>
    private const string RetryAfterSeconds = "1";

    /// <summary>Writes a reply. Of a HEAD request's answer only the headers are sent.</summary>
    public static ValueTask WriteAsync(HttpContext context, int status, Reply reply)
    {
        if (status == StatusCodes.Status503ServiceUnavailable && IsForNow(context, reply.Outcome))
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return WriteAsync(context, status, reply.Text);
    }

    /// <summary>Writes JSON that is no reply.</summary>
    public static ValueTask WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = MediaType;
        response.ContentLength = json.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return ValueTask.CompletedTask;
        }

        // Not flushed: the server sends headers and body together when the request ends.
        response.BodyWriter.Write(json.Span);
        return ValueTask.CompletedTask;
    }

    // A wait is answered CLOSED when the server stops, and then its client should wait again at the next server; and when its session was
    // ended, and then it should not. The header distinguishes the two.
    private static bool IsForNow(HttpContext context, Outcome outcome) =>
        outcome.Error != ErrorCode.Closed
        || context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
}
