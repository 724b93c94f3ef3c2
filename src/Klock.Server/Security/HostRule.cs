using System.Net;
using Klock.Server.Options;
using Microsoft.AspNetCore.Http;

namespace Klock.Server.Security;

/// <summary>
/// On a server without keys: distinguishes requests for this server from those that a web page makes. A page reaches a local server by
/// a link to it (its Origin shows that) or by letting its own name resolve to this machine (the Host header shows that).
/// </summary>
internal sealed class HostRule(ServeOptions options)
{
    private readonly HashSet<string> _names = new(
        [.. ((string[])["localhost", options.Host ?? "localhost", .. options.AllowedHosts]).Select(WithoutRoot)],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What is foreign about a request, as the start of a sentence; null when nothing is.</summary>
    public string? FindForeign(HttpRequest request)
    {
        // Web pages cannot reach a Unix socket, so any Host is accepted there.
        bool isSocket = request.HttpContext.Connection.LocalIpAddress is null;
        return !isSocket && !IsOwn(request.Host.Host) ? "Host"
            : request.Headers.Origin is [{ } origin, ..] && !IsOwnOrigin(origin, request) ? "Origin"
            : null;
    }

    // A name can be made to resolve to any address, a literal address cannot.
    private bool IsOwn(string host) =>
        host.Length == 0 || _names.Contains(WithoutRoot(host))
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && (IPAddress.IsLoopback(address) || !options.IsLocal));

    // A name may end with the root's dot, and is the same name (RFC 1034, section 3.1).
    private static string WithoutRoot(string name) => name.EndsWith('.') ? name[..^1] : name;

    private bool IsOwnOrigin(string origin, HttpRequest request) =>
        options.CorsOrigins.Contains(origin) || PageRule.IsOwnOrigin(origin, request);
}
