using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Klock.Server.Http;

/// <summary>
/// Routes on the path as it was sent. The server's own decoding leaves %2F as it is and drops dot segments, so that an agent
/// called <c>a/b</c> or <c>..</c> could not be told from others; here a part of a path is decoded after it has been cut out.
/// </summary>
internal static class RawPath
{
    /// <summary>Takes the path as it was sent.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/'))
        {
            int query = target.IndexOf('?', StringComparison.Ordinal);
            context.Request.Path = new PathString(query < 0 ? target : target[..query]);
        }

        return next(context);
    }

    /// <summary>A part of the path, decoded.</summary>
    public static string Part(HttpContext context, string name) => Uri.UnescapeDataString((string)context.GetRouteValue(name)!);
}
