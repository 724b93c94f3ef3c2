using Klock.Coordinator.Protocol;
using Klock.Server.Telemetry;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Klock.Server.Http;

/// <summary>Gives every request an answer in JSON, whatever went wrong before or in its route.</summary>
internal sealed class Failures(ILogger log)
{
    /// <summary>Answers what HTTP itself refuses: no such path, not this method.</summary>
    public static Task WriteStatusPageAsync(StatusCodeContext status)
    {
        HttpContext context = status.HttpContext;
        int code = context.Response.StatusCode;
        string sentence = code switch
        {
            StatusCodes.Status404NotFound => "The path is none that this server has: GET /openapi/v1.json lists them.",
            StatusCodes.Status405MethodNotAllowed =>
                $"The path does not take this method: it must be one of {context.Response.Headers.Allow}.",
            _ => $"The request cannot be answered: HTTP {code}.",
        };
        return ErrorAnswer.WriteAsync(context, code, code >= 500 ? ErrorCode.Internal : ErrorCode.InvalidRequest, sentence);
    }

    /// <summary>Runs the rest of the pipeline, and answers an exception.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody reads an answer.
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, bad.StatusCode);
        }
        catch (BadHttpRequestException)
        {
            // It was answered already.
        }
        catch (Exception defect) when (defect is not IOException && !context.Response.HasStarted)
        {
            Log.Defect(log, defect);
            await ErrorAnswer.WriteAsync(context, ErrorCode.Internal, "A defect in Klock: the server's log says more.");
        }
    }

    /// <summary>Answers a request that is invalid as HTTP.</summary>
    public static Task WriteAsync(HttpContext context, int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => ErrorAnswer.WriteAsync(
            context, ErrorCode.PayloadTooLarge, $"The request is larger than {Limits.RequestBytes} bytes, which is the most allowed."),
        StatusCodes.Status408RequestTimeout => ErrorAnswer.WriteAsync(
            context, status, ErrorCode.InvalidRequest,
                "The request came too slowly: its body must arrive at 240 bytes a second or faster."),
        _ => ErrorAnswer.WriteAsync(context, status, ErrorCode.InvalidRequest,
            "The request is not HTTP as it must be: its body ended early."),
    };
}
