using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Sqlite.Holders;
using Microsoft.Extensions.Time.Testing;

namespace Klock.Storage.Tests.Harness;

/// <summary>What tests of the SQLite store share: one file, as many clients on it as a test opens, one clock.</summary>
public abstract class FileSuite : IDisposable
{
    protected const long Start = 1_800_000_000_000;

    private readonly List<LeaseCoordinator> _opened = [];

    protected TemporaryFolder Folder { get; } = new();

    protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(Start));

    protected ILeaseIdSource Ids { get; } = new CountingIds();

    protected string FilePath => Folder.At("klock.db");

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        CloseAll();
        Folder.Dispose();
    }

    /// <summary>One more coordinator on the file, which stands for one more process.</summary>
    protected LeaseCoordinator OpenCoordinator(
        TimeProvider? clock = null, string options = "", ILeaseIdSource? ids = null, bool binds = false, string? path = null)
    {
        LeaseCoordinator coordinator = LocalStores.Open(
            $"sqlite:{path ?? FilePath}{options}", clock ?? Clock, ids ?? Ids, binds ? LeaseBinding.ToThisProcess() : LeaseBinding.None);
        _opened.Add(coordinator);
        return coordinator;
    }

    protected StoreClient Open(TimeProvider? clock = null, string options = "") => new(OpenCoordinator(clock, options));

    /// <summary>Opens the file by another path, or another file.</summary>
    protected StoreClient OpenAt(string path) => new(OpenCoordinator(path: path));

    /// <summary>As if every process that uses the file had ended.</summary>
    protected void CloseAll()
    {
        _opened.ForEach(coordinator => coordinator.Dispose());
        _opened.Clear();
    }

    protected void Advance(long ms) => Clock.Advance(TimeSpan.FromMilliseconds(ms));

    /// <summary>Every file of the folder, and what is in it. Only while no store is open here: reading drops its locks.</summary>
    protected Dictionary<string, string> Snapshot() =>
        Directory.EnumerateFiles(Folder.Path)
            .ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(File.ReadAllBytes(file)));
}
