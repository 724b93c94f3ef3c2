using Klock.Coordinator.Namespaces;

namespace Klock.Client.Git;

/// <summary>The name of a repository after its origin, however it was cloned: <c>github.com/acme/shop</c>.</summary>
internal static class OriginName
{
    private const string GitSuffix = ".git";

    /// <summary>
    /// A URL without its scheme, user, password, port, query and final <c>.git</c>, its host in lower case; of a file's URL the path alone.
    /// </summary>
    /// <param name="url">In any form that git knows (git-fetch(1)): with a scheme, as <c>user@host:path</c>, or a path. Rewriting by
    /// <c>url.….insteadOf</c> is ignored.</param>
    /// <returns>null when nothing is left that can be a name.</returns>
    public static string? Of(string url)
    {
        string name = Reduce(url.Trim());
        return NamespaceText.Problem(name) is null ? name : null;
    }

    private static string Reduce(string url)
    {
        int helper = url.IndexOf("::", StringComparison.Ordinal);
        if (helper > 0 && url[..helper].All(char.IsAsciiLetterOrDigit))
        {
            // <transport>::<address>, for a helper program.
            return Reduce(url[(helper + 2)..]);
        }

        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0)
        {
            string rest = url[(scheme + 3)..].Split('?', '#')[0];
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            return slash < 0 ? Host(rest) : Joined(Host(rest[..slash]), rest[slash..]);
        }

        // user@host:path, unless a slash or a drive letter comes before the colon.
        int colon = ColonAfterHost(url);
        return colon > 1 && url.IndexOf('/', StringComparison.Ordinal) is var at && (at < 0 || at > colon)
            ? Joined(Host(url[..colon]), "/" + url[(colon + 1)..])
            : Path(url);
    }

    // [::1] has colons of its own.
    private static int ColonAfterHost(string url)
    {
        int bracket = url.IndexOf(']', StringComparison.Ordinal);
        return url.IndexOf(':', bracket < 0 ? 0 : bracket);
    }

    private static string Host(string authority)
    {
        string host = authority[(authority.LastIndexOf('@') + 1)..];
        int port = ColonAfterHost(host);
        return (port < 0 ? host : host[..port]).ToLowerInvariant();
    }

    private static string Joined(string host, string path)
    {
        path = Path(path);
        return host.Length == 0 ? path : path.Length <= 1 ? host : $"{host}/{path.TrimStart('/')}";
    }

    private static string Path(string path)
    {
        string plain = path.TrimEnd('/');
        return plain.EndsWith(GitSuffix, StringComparison.Ordinal) ? plain[..^GitSuffix.Length].TrimEnd('/') : plain;
    }
}
