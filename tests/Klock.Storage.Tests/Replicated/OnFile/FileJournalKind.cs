using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Replicated.OnFile;

/// <summary>State in a journal in a file, in a folder of its own: every coordinator has a store and a connection of its own.</summary>
public sealed class FileJournalKind : IStoreKind
{
    // Of the shortest past, so that tests of other things see snapshots and batches that are gone.
    private static readonly FileJournalOptions _options =
        new() { WaitsForDisk = false, SnapshotAfterBytes = 4_096, EventsBehind = 16 };

    private readonly TemporaryFolder _folder = new();

    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new LeaseCoordinator(OpenStore(time, ids.Next()), ids);
    }

    public void Dispose() => _folder.Dispose();

    internal ReplicatedStore OpenStore(TimeProvider time, LeaseId owner) =>
        new(new FileJournal(_folder.At("journal.db"), _options), time, owner);

    /// <summary>How many batches are in the file.</summary>
    internal long Batches()
    {
        using var file = SqliteFile.Open(_folder.At("journal.db"), keepsShortLog: true);
        return (long)file.Ask("SELECT count(*) FROM batch")!;
    }
}
