using Klock.Coordinator.Protocol;

namespace Klock.Storage.Etcd;

/// <summary>Where a journal is: the members of a cluster, and what its keys begin with.</summary>
/// <param name="Endpoints">The members' client URLs.</param>
/// <param name="Prefix">What all keys begin with; it ends with a slash.</param>
/// <param name="Options">How it is reached.</param>
internal sealed record EtcdAddress(IReadOnlyList<Uri> Endpoints, string Prefix, EtcdOptions Options)
{
    private const string Form = "it must be etcd:http://<host>:<port>[,<host>:<port>…][/<prefix>][?<options>], or the same with https:";

    private const string DefaultPrefix = "klock/";

    /// <summary>Reads what follows <c>etcd:</c> in a store's name.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: what is wrong.</exception>
    public static EtcdAddress Parse(string text)
    {
        int schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = schemeEnd < 0 ? "" : text[..schemeEnd];
        if (scheme is not ("http" or "https"))
        {
            throw Bad("names no http:// or https:// address");
        }

        string rest = text[(schemeEnd + "://".Length)..];
        EtcdOptions options = EtcdOptions.None;
        if (rest.IndexOf('?', StringComparison.Ordinal) is int mark and >= 0)
        {
            options = EtcdOptions.Parse(rest[(mark + 1)..]);
            rest = rest[..mark];
        }

        if (scheme == "http" && options.Tls != EtcdOptions.None.Tls)
        {
            throw Bad("has files for TLS, and its address begins with http://");
        }

        if (rest.AsSpan().IndexOfAny("#@ ") is int odd and >= 0)
        {
            throw Bad($"has '{rest[odd]}', which has no meaning there");
        }

        // Each member may say the scheme anew.
        rest = rest.Replace($",{scheme}://", ",", StringComparison.Ordinal);
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string prefix = slash < 0 ? "" : rest[slash..].Trim('/');
        string[] members = (slash < 0 ? rest : rest[..slash]).Split(',');
        return new EtcdAddress(
            [.. members.Select(member => Endpoint(scheme, member))], prefix.Length == 0 ? DefaultPrefix : prefix + "/", options);
    }

    private static Uri Endpoint(string scheme, string member) =>
        Uri.TryCreate($"{scheme}://{member}", UriKind.Absolute, out Uri? url) && url.Port > 0
            && member.LastIndexOf(':') is int colon and > 0 && colon < member.Length - 1 && member[^1] != ']'
                ? url
                : throw Bad($"has the member '{member}', which is not <host>:<port>");

    private static KlockException Bad(string problem) => new(ErrorCode.InvalidRequest, $"storage {problem}: {Form}.");
}
