using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Journal;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>Opens stores whose state is in a PostgreSQL database, where many servers share it.</summary>
public static class PostgresStores
{
    /// <summary>What the name of such a store begins with.</summary>
    public const string Prefix = "postgres:";

    /// <summary>The same as libpq also writes it.</summary>
    public const string OtherPrefix = "postgresql:";

    /// <summary>Makes a store. The database is asked for nothing before the first command.</summary>
    /// <param name="address"><c>//[user[:password]@]host[:port][,host…]/database[?options]</c>, or Npgsql's
    /// <c>Host=…;Database=…</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The id under which this store waits and writes: 128 random bits.</param>
    /// <param name="acceptsRestore">Whether the state that is found is gone on with although it is an earlier one.</param>
    /// <exception cref="KlockException"><see cref="ErrorCode.InvalidRequest"/>: the address, or a file that it names, cannot be used.
    /// </exception>
    public static IStore Open(string address, TimeProvider time, LeaseId ownerId, bool acceptsRestore = false)
    {
        ArgumentNullException.ThrowIfNull(address);
        var where = PostgresAddress.Parse(address);
        Check(new NpgsqlConnectionStringBuilder(where.Hosts[0]));
        return new ReplicatedStore(new PostgresJournal(where), time, ownerId, acceptsRestore);
    }

    // The files that all hosts are connected with, which Npgsql would only miss later.
    private static void Check(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.Passfile is { } passwords)
        {
            StorageFiles.ReadText("passfile", passwords);
        }

        if (connection.RootCertificate is { } authorities)
        {
            StorageFiles.ReadAuthorities("sslrootcert", authorities);
        }

        // Without a key the file may be of another form, and one with a password is Npgsql's to open.
        if (connection is { SslCertificate: { } certificate, SslKey: { } key, SslPassword: null })
        {
            StorageFiles.ReadCertificate("sslcert and sslkey", certificate, key).Dispose();
        }
    }
}
