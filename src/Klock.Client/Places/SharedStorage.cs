namespace Klock.Client.Places;

/// <summary>Stores in an engine of their own, which servers share and everything else reaches through a server.</summary>
public static class SharedStorage
{
    private const string Etcd = "etcd:";
    private const string Postgres = "postgres:";

    // Of a connection's keywords those that say where it leads; all others may be secret.
    private static readonly string[] _shown = ["host", "server", "port", "database", "username", "searchpath"];

    /// <summary>The engine that a store's name names; null for a store of another kind.</summary>
    public static string? EngineOf(string storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return storage.StartsWith(Etcd, StringComparison.Ordinal) ? "etcd"
            : storage.StartsWith(Postgres, StringComparison.Ordinal) ? "PostgreSQL"
            : null;
    }

    /// <summary>A store's name as it may be shown, logged or answered: without a password.</summary>
    public static string Shown(string storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        if (!storage.StartsWith(Postgres, StringComparison.Ordinal))
        {
            return storage;
        }

        string connection = storage[Postgres.Length..];
        if (!connection.StartsWith("//", StringComparison.Ordinal))
        {
            IEnumerable<string> pairs = connection.Split(';').Where(static pair => _shown.Contains(
                pair.Split('=')[0].Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(), StringComparer.Ordinal));
            return Postgres + string.Join(';', pairs);
        }

        int at = connection.Split('?')[0].LastIndexOf('@');
        int colon = at < 0 ? -1 : connection.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || colon > at ? storage : $"{Postgres}{connection[..colon]}:***{connection[at..]}";
    }
}
