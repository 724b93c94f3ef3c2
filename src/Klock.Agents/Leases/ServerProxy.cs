using System.Globalization;
using System.Net;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Leases;

/// <summary>The proxy for requests to a server, by the environment. A server on this machine never gets one.</summary>
/// <remarks>
/// The variables of curl: http_proxy, https_proxy, all_proxy and no_proxy, in capitals too. A key that is sent through a proxy on its way
/// to this very machine would be known to another one.
/// </remarks>
internal static class ServerProxy
{
    private static readonly string[] _schemes = ["http", "https", "socks4", "socks4a", "socks5"];

    /// <summary>The proxy; null for none.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: a variable names an invalid one.</exception>
    public static WebProxy? For(Uri server, Func<string, string?> environment)
    {
        if (IsThisMachine(server) || IsExcepted(server, Read(environment, "no_proxy").Value ?? ""))
        {
            return null;
        }

        (string variable, string? value) = Read(environment, $"{server.Scheme}_proxy");
        if (value is null)
        {
            (variable, value) = Read(environment, "all_proxy");
        }

        return value is null ? null : Parse(variable, value);
    }

    /// <summary>Its name for people, without user and password.</summary>
    public static string NameOf(WebProxy proxy) => proxy.Address!.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped);

    private static WebProxy Parse(string variable, string value)
    {
        string url = value.Contains("://", StringComparison.Ordinal) ? value : $"http://{value}";
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || !_schemes.Contains(address.Scheme) || address.Host.Length == 0)
        {
            throw new KlockException(
                ErrorCode.InvalidRequest,
                $"{variable} names no proxy: it must be a URL with one of the schemes {string.Join(", ", _schemes)}.");
        }

        string[] login = address.UserInfo.Split(':', 2);
        return new WebProxy(address)
        {
            Credentials = address.UserInfo.Length == 0
                ? null : new NetworkCredential(Uri.UnescapeDataString(login[0]), Uri.UnescapeDataString(login.ElementAtOrDefault(1) ?? "")),
        };
    }

    // A web server sets HTTP_PROXY from a header of a request (httpoxy), so that one does not count in what a web server starts.
    private static (string Variable, string? Value) Read(Func<string, string?> environment, string name)
    {
        string capitals = name.ToUpperInvariant();
        bool isForged = capitals == "HTTP_PROXY" && environment("REQUEST_METHOD") is not null;
        return environment(name) is { Length: > 0 } small ? (name, small)
            : !isForged && environment(capitals) is { Length: > 0 } large ? (capitals, large)
            : (name, null);
    }

    private static bool IsThisMachine(Uri server) =>
        server.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || server.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(server.IdnHost, out IPAddress? address) && IsThisMachine(address));

    // A connection to 0.0.0.0 reaches this machine.
    private static bool IsThisMachine(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool IsExcepted(Uri server, string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(entry => IsExceptedBy(server, entry));

    // A host and what is beneath it, with or without a dot before it or a port after it; a network; or all.
    private static bool IsExceptedBy(Uri server, string entry)
    {
        if (entry == "*")
        {
            return true;
        }

        IPAddress? address = IPAddress.TryParse(server.IdnHost, out IPAddress? parsed) ? parsed : null;
        if (address is not null && (IPNetwork.TryParse(entry, out IPNetwork network) ? network.Contains(address)
            : IPAddress.TryParse(entry.Trim('[', ']'), out IPAddress? one) && one.Equals(address)))
        {
            return true;
        }

        int colon = entry.LastIndexOf(':');
        bool hasPort = int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && colon > 0
            && (entry.IndexOf(':', StringComparison.Ordinal) == colon || entry[colon - 1] == ']');
        string host = (hasPort ? entry[..colon] : entry).Trim('[', ']').TrimStart('*').TrimStart('.');
        bool isHost = server.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase)
            || (address is null && server.IdnHost.EndsWith("." + host, StringComparison.OrdinalIgnoreCase));
        return host.Length > 0 && isHost && (!hasPort || port == server.Port);
    }
}
