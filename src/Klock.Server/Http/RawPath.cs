using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Klock.Server.Http;

/// <summary>
/// Routes on the path as it was sent. The server's own decoding leaves %2F as it is and drops dot segments, so that an agent
/// called <c>a/b</c> or <c>..</c> would be confused with others; here a part of a path is decoded after it has been cut out.
/// </summary>
internal static class RawPath
{
    /// <summary>Sets the path to the one that was sent.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (PathOf(target) is { } path)
        {
            context.Request.Path = new PathString(path);
        }

        return next(context);
    }

    // RFC 9112, section 3.2: a client sends the path alone, or to a proxy the whole URL, which every server must accept too.
    private static string? PathOf(string target)
    {
        const string Authority = "://";
        int start = 0;
        if (!target.StartsWith('/'))
        {
            int authority = target.IndexOf(Authority, StringComparison.Ordinal);
            if (authority < 0)
            {
                return null;
            }

            start = target.AsSpan(authority + Authority.Length).IndexOfAny('/', '?') is >= 0 and int after
                ? authority + Authority.Length + after
                : target.Length;
        }

        int query = target.IndexOf('?', start);
        string path = query < 0 ? target[start..] : target[start..query];
        return path.Length == 0 ? "/" : path;
    }

    /// <summary>A part of the path, decoded.</summary>
    public static string Part(HttpContext context, string name) => Uri.UnescapeDataString((string)context.GetRouteValue(name)!);
}
