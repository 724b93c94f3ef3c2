using Klock.Coordinator.Protocol;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Http;

/// <summary>Whether the body of a request is JSON, as far as its sender says.</summary>
internal static class JsonBody
{
    /// <summary>Whether a content type is that of JSON. A client that sends none means JSON.</summary>
    public static bool IsJson(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || contentType.AsSpan().Trim().Equals(JsonAnswer.MediaType, StringComparison.OrdinalIgnoreCase)
        || (contentType.Split(';')[0].Trim() is { } type
            && (type.Equals(JsonAnswer.MediaType, StringComparison.OrdinalIgnoreCase)
                || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Answers that it is not.</summary>
    public static Task RefuseAsync(HttpContext context) => ErrorAnswer.WriteAsync(
        context, StatusCodes.Status415UnsupportedMediaType, ErrorCode.InvalidRequest,
            "Content-Type is not JSON: it must be application/json.");
}
