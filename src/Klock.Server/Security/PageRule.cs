using Microsoft.AspNetCore.Http;

namespace Klock.Server.Security;

/// <summary>
/// What distinguishes a request of the server's own page from one that another page makes a browser send, with the cookie (CSRF).
/// </summary>
internal static class PageRule
{
    /// <summary>A page has to send it, as <c>1</c>, with what changes anything. Other pages cannot without being asked for leave.</summary>
    public const string Header = "Klock-Dashboard";

    /// <summary>Why a request that is authenticated by the cookie is refused; null when it is not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayChange">Whether it may change anything, or opens what does.</param>
    public static string? Problem(HttpRequest request, bool mayChange) =>
        ForeignProblem(request)
        ?? (mayChange && request.Headers[Header] != "1"
            ? $"{Header} is missing: a request with the cookie of a signed-in browser that may change something must have it, as 1."
            : null);

    /// <summary>Why a request is another page's; null when it is the server's own page's, or no page's.</summary>
    public static string? ForeignProblem(HttpRequest request)
    {
        // Browsers say it themselves, and no script can: but only to https and to this machine.
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..])
        {
            return site is "same-origin" or "none" ? null
                : "Sec-Fetch-Site says that another web page asks: with the cookie of a signed-in browser only the server's own page may.";
        }

        return request.Headers.Origin is [{ } origin, ..] && !IsOwnOrigin(origin, request)
            ? "Origin is another web page: with the cookie of a signed-in browser only the server's own page may ask."
            : null;
    }

    /// <summary>
    /// Whether an Origin is the server's own. A proxy may end TLS: then the page's scheme is https, and this server's is http.
    /// </summary>
    public static bool IsOwnOrigin(string origin, HttpRequest request) =>
        request.Host.HasValue
        && (string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            || string.Equals(origin, $"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase));
}
