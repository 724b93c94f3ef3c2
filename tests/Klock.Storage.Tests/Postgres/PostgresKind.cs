using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Postgres;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Postgres;

/// <summary>State in a real PostgreSQL, in a schema of its own: every coordinator on it has a store of its own.</summary>
public sealed class PostgresKind : IStoreKind
{
    private readonly string _address = PostgresServer.Shared.NewSchema();

    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new LeaseCoordinator(PostgresStores.Open(_address, time, ids.Next()), ids);
    }

    public void Dispose()
    {
        // It goes with the server.
    }
}
