using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>Processes and threads that make the same file at the same moment make one store.</summary>
[Collection(HammerCollection.Name)]
public sealed class CreationRaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<HammerProcess> _processes = [];

    [Fact]
    public async Task Processes_that_open_a_new_file_at_once_share_one_store()
    {
        const int Processes = 6, Rounds = 8;
        for (int i = 0; i < Processes; i++)
        {
            _processes.Add(HammerProcess.Start(
                "open", "sqlite:" + _folder.At("race-"), _folder.At("witness"), $"{Processes}", $"{Rounds}"));
        }

        foreach (HammerProcess process in _processes)
        {
            await process.EndsWellAsync();
        }

        Assert.All(Enumerable.Range(0, Rounds), round => CheckShared(_folder.At($"race-{round}"), Processes));
    }

    [Fact]
    public void Threads_that_open_a_new_file_at_once_share_one_store()
    {
        const int Threads = 8, Rounds = 6;
        for (int round = 0; round < Rounds; round++)
        {
            string path = _folder.At($"race-{round}");
            using var start = new Barrier(Threads);
            Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i =>
            {
                // Those that come late for want of a thread must not be waited for.
                start.SignalAndWait(TimeSpan.FromMilliseconds(50));
                using LeaseCoordinator coordinator = LocalStores.Open("sqlite:" + path, TimeProvider.System, KernelRandom.Shared);
                Assert.True(new StoreClient(coordinator).Acquire($"agent-{i}", path: $"{i}").Success);
            });
            CheckShared(path, Threads);
        }
    }

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _folder.Dispose();
    }

    private static void CheckShared(string path, int openers)
    {
        using (LeaseCoordinator coordinator = LocalStores.Open("sqlite:" + path, TimeProvider.System, KernelRandom.Shared))
        {
            var client = new StoreClient(coordinator);
            Assert.Equal(openers, client.ActiveIds().Length);
            Assert.Equal(openers, client.Agents().Length);
        }

        Assert.Equal("1", RawDatabase.Ask(path, "SELECT count(*) FROM events WHERE kind = 0"));
        Assert.Equal("ok", RawDatabase.Ask(path, "PRAGMA integrity_check"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }
}
