using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Hammer;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>Eight real processes fight over a few resources in one file, and a witness in shared memory looks on.</summary>
[Collection(HammerCollection.Name)]
public sealed class ProcessHammerTests : IDisposable
{
    private const int Processes = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly Witness _witness;
    private readonly List<(HammerProcess Process, string Diary)> _running = [];
    private readonly List<string> _diaries = [];

    public ProcessHammerTests() => _witness = new Witness(_folder.At("witness"));

    private string FilePath => _folder.At("klock.db");

    private static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Processes_never_overlap_and_lose_nothing()
    {
        for (int i = 0; i < Processes; i++)
        {
            Start(ttlMs: 600_000);
        }

        await ReadyAsync(Processes);
        await Task.Delay(Soak.TimeOr(5), TestContext.Current.CancellationToken);
        _witness.Stopped = true;
        foreach ((HammerProcess process, _) in _running)
        {
            await process.EndsWellAsync();
        }

        DiaryReader[] diaries = [.. _diaries.Select(path => new DiaryReader(path))];
        Assert.Empty(diaries.SelectMany(diary => diary.Wrongs));
        Assert.All(diaries, diary => Assert.Empty(diary.Held));
        Fairness.Check(diaries);
        using LeaseCoordinator coordinator = Open();
        Assert.Empty(new StoreClient(coordinator).ActiveIds());
        Assert.Equal(Processes, new StoreClient(coordinator).Agents().Length);
        Assert.Equal("ok", RawDatabase.Ask(FilePath, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Processes_that_are_killed_leave_nothing_but_leases_that_run_out()
    {
        const int TtlMs = 1_500;
        using LeaseCoordinator coordinator = Open();
        await KillAtRandomAsync(new StoreClient(coordinator), TtlMs, binds: false);
        await Task.Delay(TtlMs, TestContext.Current.CancellationToken);
        CheckEnd(coordinator);
    }

    // Their time is never over, so whatever ends, ends with its process.
    [Fact]
    public async Task Of_bound_processes_those_that_are_killed_hold_nothing_at_once_and_the_others_keep_what_they_hold()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Leases are bound to processes on Linux.");
        using LeaseCoordinator coordinator = Open();
        await KillAtRandomAsync(new StoreClient(coordinator), ttlMs: 600_000, binds: true);
        CheckEnd(coordinator);
    }

    public void Dispose()
    {
        _running.ForEach(running => running.Process.Dispose());
        _witness.Dispose();
        _folder.Dispose();
    }

    private async Task KillAtRandomAsync(StoreClient client, int ttlMs, bool binds)
    {
        const int LeastKills = 6;
        var random = new Random(1);
        for (int i = 0; i < Processes; i++)
        {
            Start(ttlMs, binds);
        }

        await ReadyAsync(Processes);
        long end = NowMs + (long)Soak.TimeOr(5).TotalMilliseconds;
        for (int started = Processes; NowMs < end || started < Processes + LeastKills; started++)
        {
            await Task.Delay(random.Next(300), TestContext.Current.CancellationToken);
            KillAndCheck(client, random.Next(Processes), binds);
            Start(ttlMs, binds);
            await ReadyAsync(started + 1);
        }

        // The last ones all at once, each in the middle of something.
        while (_running.Count > 0)
        {
            KillAndCheck(client, 0, binds);
        }
    }

    private void CheckEnd(LeaseCoordinator coordinator)
    {
        var client = new StoreClient(coordinator);
        DiaryReader[] diaries = [.. _diaries.Select(path => new DiaryReader(path))];
        Assert.Empty(diaries.SelectMany(diary => diary.Wrongs));
        Fairness.Check(diaries);
        Assert.Empty(client.ActiveIds());
        Assert.True(client.Acquire("anybody", "DELETES", "**").Success);
        coordinator.Dispose();
        Assert.Equal("ok", RawDatabase.Ask(FilePath, "PRAGMA integrity_check"));
    }

    private LeaseCoordinator Open() => LocalStores.Open("sqlite:" + FilePath, TimeProvider.System, KernelRandom.Shared);

    private void Start(int ttlMs, bool binds = false)
    {
        int number = _diaries.Count;
        _diaries.Add(_folder.At($"diary-{number}"));
        string ttl = ttlMs.ToString(), seed = number.ToString();
        var process = HammerProcess.Start(
            "hammer", "sqlite:" + FilePath, _folder.At("witness"), _diaries[^1], ttl, seed, binds ? "true" : "false");
        _running.Add((process, _diaries[^1]));
    }

    private async Task ReadyAsync(long workers)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_witness.Ready < workers)
        {
            Assert.All(_running, running => Assert.Null(running.Process.Ending));
            await Task.Delay(10, patience.Token);
        }
    }

    private void KillAndCheck(StoreClient client, int index, bool binds)
    {
        (HammerProcess victim, string diary) = _running[index];
        _running.RemoveAt(index);
        victim.Kill();
        victim.Dispose();

        // Through a store that has followed all along, and through one that starts from the file as it is.
        Survival.Check(client, new DiaryReader(diary), binds);
        using LeaseCoordinator fresh = Open();
        Survival.Check(new StoreClient(fresh), new DiaryReader(diary), binds);
    }
}
