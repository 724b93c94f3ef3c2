using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Postgres;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Postgres;

/// <summary>State in a real PostgreSQL, in a schema of its own: every coordinator on it has a store of its own.</summary>
public sealed class PostgresKind : IStoreKind
{
    private readonly string _address = PostgresServer.Shared.NewAddress();

    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        // What an answer says is tested here, not when it comes, on a machine that does much else.
        var journal = new PostgresJournal(PostgresAddress.Parse(_address), new JournalOptions { AnswersWithin = TimeSpan.FromSeconds(15) });
        return new LeaseCoordinator(new ReplicatedStore(journal, time, ids.Next()), ids);
    }

    public void Dispose()
    {
        // It goes with the server.
    }
}
