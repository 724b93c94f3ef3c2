using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Http;

/// <summary>Errors that no operation answered: the same JSON, with the HTTP status of the error.</summary>
internal static class ErrorAnswer
{
    /// <summary>Answers an error with the status of its code.</summary>
    public static Task WriteAsync(HttpContext context, ErrorCode code, string sentence) =>
        WriteAsync(context, code.Info().HttpStatus, code, sentence);

    /// <summary>Answers an error with a more precise status than that of its code.</summary>
    public static Task WriteAsync(HttpContext context, int status, ErrorCode code, string sentence)
    {
        var reply = new Reply();
        Answers.WriteError(reply, code, sentence);
        return JsonAnswer.WriteAsync(context, status, reply).AsTask();
    }
}
