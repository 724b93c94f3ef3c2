using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;

namespace Klock.Storage.Tests.Harness;

/// <summary>State in one file, in a folder of its own.</summary>
/// <param name="options">How it is opened: nothing, or <c>?synchronous=normal</c> where power loss is not what a test is about.</param>
public sealed class SqliteKind(string options = "") : IStoreKind
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The file; it is not there before the first open.</summary>
    public string FilePath => _folder.At("klock.db");

    /// <summary>What a user says to open it.</summary>
    public string Storage => "sqlite:" + FilePath + options;

    public LeaseCoordinator Open(TimeProvider time, ILeaseIdSource ids) => LocalStores.Open(Storage, time, ids);

    public void Dispose() => _folder.Dispose();
}
