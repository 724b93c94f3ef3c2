namespace Klock.Client.Places;

/// <summary>Stores in an engine of their own, which servers share and everything else reaches through a server.</summary>
public static class SharedStorage
{
    private const string Etcd = "etcd:";

    // As psql and libpq write it, too.
    private static readonly string[] _postgres = ["postgres:", "postgresql:"];

    // Of a connection's keywords those that say where it leads; all others may be secret.
    private static readonly string[] _shownKeywords = ["host", "server", "port", "database", "username", "searchpath"];

    private static readonly string[] _shownOptions = ["schema", "sslmode"];

    /// <summary>The engine that a store's name names; null for a store of another kind.</summary>
    public static string? EngineOf(string storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return storage.StartsWith(Etcd, StringComparison.Ordinal) ? "etcd"
            : PostgresPrefixOf(storage) is not null ? "PostgreSQL"
            : null;
    }

    /// <summary>A store's name as it may be shown, logged or answered: without a password.</summary>
    public static string Shown(string storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        if (PostgresPrefixOf(storage) is not { } prefix)
        {
            return storage;
        }

        string connection = storage[prefix.Length..];
        return prefix + (connection.StartsWith("//", StringComparison.Ordinal) ? "//" + ShownUrl(connection[2..]) : ShownPairs(connection));
    }

    private static string? PostgresPrefixOf(string storage) =>
        Array.Find(_postgres, prefix => storage.StartsWith(prefix, StringComparison.Ordinal));

    // A password may have any letter in it, those that mean something in a URL too. So all is hidden up to the last place where it can end.
    private static string ShownUrl(string url)
    {
        int at = url.LastIndexOf('@');
        string user = at < 0 ? "" : url[..at];
        int secret = user.IndexOfAny([':', '/', '?']);
        string shownUser = at < 0 ? "" : secret < 0 ? user + "@" : user[..secret] + ":***@";
        string[] parts = url[(at + 1)..].Split('?', 2);
        string options = parts.Length < 2 ? "" : string.Join('&', parts[1].Split('&').Where(static pair => IsAny(pair, _shownOptions)));
        return shownUser + parts[0] + (options.Length == 0 ? "" : "?" + options);
    }

    private static string ShownPairs(string pairs) =>
        string.Join(';', pairs.Split(';').Where(static pair => IsAny(pair, _shownKeywords)));

    private static bool IsAny(string pair, string[] names) =>
        names.Contains(pair.Split('=')[0].Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(), StringComparer.Ordinal);
}
