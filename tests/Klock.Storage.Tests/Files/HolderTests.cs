using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Hammering;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A lease that is bound to a process ends with it, at once; a process that lives, or is unknown, never loses one.</summary>
public sealed class HolderTests : FileSuite
{
    private const string File = "src/held.ts";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    // What a killed process leaves is noticed by the next command. Also a machine that is busy gets there in this time.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_lease_ends_when_its_process_is_killed()
    {
        StoreClient client = OpenNow();
        using HammerProcess holder = await HeldAsync();
        Assert.Equal("DIE", client.Acquire("z", path: File).Reason);
        holder.Kill();
        Assert.True(client.Acquire("z", path: File).Success);
        Assert.Equal("0", RawDatabase.Ask(FilePath, "SELECT count(*) FROM holders"));
        Assert.Contains(client.Events(), happened => happened.GetProperty("kind").GetString() == "EXPIRED");
    }

    // With many processes not every command checks all of them.
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task Who_waits_is_granted_when_the_process_is_killed(int others)
    {
        Hold(others);
        OpenNow().Register("0-old", 0);
        using HammerProcess holder = await HeldAsync();
        string wanted = Request.Acquire("0-old", "MUTATES", File).With("wait_ms", 60_000).ToString();
        var waits = Task.Run(() => OpenNow().Ask(Operation.Acquire, wanted));
        while (OpenNow().Events().All(happened => happened.GetProperty("kind").GetString() != "QUEUED"))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        holder.Kill();
        long killedAt = Now();
        Assert.True((await waits.WaitAsync(s_patience, TestContext.Current.CancellationToken)).Success);
        Assert.True(Since(killedAt) < s_soon, $"granted {Since(killedAt)} after the process was killed");
    }

    [Fact]
    public async Task Who_only_reads_soon_sees_no_lease_of_a_killed_process_among_many()
    {
        const int Others = 40;
        Hold(Others);
        StoreClient client = OpenNow();
        using HammerProcess holder = await HeldAsync();
        Assert.Equal(Others + 1, client.ActiveIds().Length);
        holder.Kill();
        for (long killedAt = Now(); client.ActiveIds().Length > Others;)
        {
            Assert.True(Since(killedAt) < s_soon, "its lease is still there");
        }
    }

    [Fact]
    public async Task A_lease_that_is_not_bound_lasts_its_time()
    {
        StoreClient client = OpenNow();
        using HammerProcess holder = await HeldAsync(binds: false);
        holder.Kill();
        Assert.Equal("DIE", client.Acquire("z", path: File).Reason);
    }

    [Fact]
    public async Task A_waiter_that_is_killed_leaves_the_queue_at_once_and_a_grant_it_cannot_take_goes_on()
    {
        StoreClient client = OpenNow();
        string first = client.Acquire("first", path: File).LeaseId;
        string answer = Folder.At("waiter");
        using HammerProcess waiter = HammerProcess.Start("hold", "sqlite:" + FilePath, "true", File, "600000", answer);
        while (client.Events().All(happened => happened.GetProperty("kind").GetString() is not ("QUEUED" or "PARKED")))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        waiter.Kill();
        client.Release(first);
        Assert.True(client.Acquire("z", path: File).Success);
        Assert.False(System.IO.File.Exists(answer));
    }

    [Fact]
    public async Task A_process_that_lives_keeps_its_lease_however_often_others_ask()
    {
        StoreClient client = OpenNow();
        using HammerProcess holder = await HeldAsync();
        for (long start = Now(); Since(start) < TimeSpan.FromSeconds(1);)
        {
            Assert.Equal("DIE", client.Acquire("z", path: File).Reason);
        }
    }

    [Theory]
    [InlineData("boot = 'another boot'")]
    [InlineData("pid_namespace = 'pid:[1]'")]
    public async Task A_process_of_another_boot_or_namespace_is_not_judged(string difference)
    {
        using HammerProcess holder = await HeldAsync();
        RawDatabase.Run(FilePath, $"UPDATE holders SET {difference}");
        holder.Kill();
        Assert.Equal("DIE", OpenNow().Acquire("z", path: File).Reason);
    }

    [Fact]
    public async Task A_number_that_another_process_got_meanwhile_does_not_keep_the_lease()
    {
        using HammerProcess holder = await HeldAsync();
        RawDatabase.Run(FilePath, $"UPDATE holders SET pid = {Environment.ProcessId}");
        Assert.True(OpenNow().Acquire("z", path: File).Success);
    }

    [Fact]
    public async Task Of_two_handles_of_a_process_both_keep_what_they_hold()
    {
        StoreClient first = OpenNow(binds: true), second = OpenNow(binds: true);
        Assert.True(first.Acquire("a", path: "a").Success);
        Assert.True(second.Acquire("b", path: "b").Success);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal("DIE", second.Acquire("z", path: "a").Reason);
        Assert.Equal("DIE", first.Acquire("z", path: "b").Reason);
    }

    private async Task<HammerProcess> HeldAsync(bool binds = true)
    {
        string answer = Folder.At("answer");
        var holder = HammerProcess.Start("hold", "sqlite:" + FilePath, binds ? "true" : "false", File, "600000", answer);
        for (long start = Now(); !System.IO.File.Exists(answer); await Task.Delay(10))
        {
            Assert.True(holder.Ending is null && Since(start) < s_patience, holder.Ending ?? "the holder holds nothing");
        }

        return holder;
    }

    // Each by a store object of its own, which counts as a process.
    private void Hold(int others)
    {
        for (int i = 0; i < others; i++)
        {
            Assert.True(OpenNow(binds: true).Acquire($"other{i}", path: $"others/{i}").Success);
        }
    }

    private static long Now() => TimeProvider.System.GetTimestamp();

    private static TimeSpan Since(long start) => TimeProvider.System.GetElapsedTime(start);

    // Processes have the system's clock.
    private StoreClient OpenNow(bool binds = false) =>
        new(OpenCoordinator(TimeProvider.System, ids: KernelRandom.Shared, binds: binds));
}
