using System.Net.Sockets;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Storage.Sqlite;
using Klock.Storage.Tests.Hammering;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A process that waits is woken by the one that ends its wait, and need not look until then.</summary>
public sealed class WakeUpTests : FileSuite
{
    // So long that only a wake-up ends it within the test.
    private static readonly TimeSpan _long = TimeSpan.FromHours(1);

    private static readonly TimeSpan _brief = TimeSpan.FromMilliseconds(200);

    private readonly StoreClient _here;
    private readonly StoreClient _there;
    private readonly string _held;

    public WakeUpTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there are no sockets without a file");
        (_here, _there) = (OpenOne(), OpenOne());
        _here.Register("old", 1);
        _here.Register("young", 2);
        _held = _there.Acquire("young", ttl: 3_000).LeaseId;
    }

    [Fact]
    public async Task A_release_wakes_who_waits_in_another_process()
    {
        Waiting waits = WaitHere();
        Task sleeping = Sleep(waits);
        _there.Release(_held);
        await Woken(sleeping);
        Assert.True(waits.Answered().Success);
    }

    [Fact]
    public async Task Who_is_about_to_sleep_is_woken_too()
    {
        Waiting waits = WaitHere();
        _there.Release(_held);
        await Woken(Sleep(waits));
        Assert.True(waits.Answered().Success);
    }

    [Theory]
    [InlineData("release", "granted")]
    [InlineData("revoke", "granted")]
    [InlineData("end the holder's session", "granted")]
    [InlineData("let the lease expire", "granted")]
    [InlineData("change the lease", "granted")]
    [InlineData("end the waiter's session", "CLOSED")]
    [InlineData("let the wait's time pass", "WAIT_TIMEOUT")]
    public async Task Whatever_ends_a_wait_wakes_it(string how, string outcome)
    {
        Waiting waits = WaitHere(how == "change the lease" ? "CONSUMES" : "MUTATES", waitMs: 4_000);
        switch (how)
        {
            case "release": _there.Release(_held); break;
            case "revoke": _there.Revoke(_held); break;
            case "end the holder's session": _there.EndSession("young"); break;
            case "end the waiter's session": _there.EndSession("old"); break;
            case "change the lease": _there.Change(_held, "CONSUMES"); break;
            case "let the lease expire": AdvanceAndEvict(3_000); break;
            default:
                _there.Heartbeat(_held);
                Advance(2_000);
                _there.Heartbeat(_held);
                AdvanceAndEvict(2_000);
                break;
        }

        await Woken(Sleep(waits));
        Answer told = waits.Answered();
        Assert.Equal(outcome, told.Success ? "granted" : told.Code ?? told.Reason);
    }

    [Fact]
    public async Task What_ends_no_wait_here_wakes_nobody()
    {
        Waiting waits = WaitHere();
        string other = _there.Acquire("young", path: "src/b.ts").LeaseId;
        _there.Heartbeat(_held);
        Waiting elsewhere = _there.Wait("old", path: "src/a.ts", session: "another");
        elsewhere.Cancel();
        _there.Release(other);
        long start = TimeProvider.System.GetTimestamp();
        await Callers.Start(() => waits.Pause.WakeUps!.Sleep(_brief));
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= _brief, "it was woken");
        Assert.Null(waits.Look());
    }

    [Fact]
    public async Task Who_keeps_time_is_woken_within_its_own_process_too()
    {
        string held = _here.Acquire("young", path: "src/b.ts").LeaseId;
        Waiting waits = _here.Wait("old", path: "src/b.ts");
        Assert.Null(waits.Look());
        Task blocking = Callers.Start(() => waits.Pending.Block(waits.Pause with { Longest = _long }));
        _here.Release(held);
        await Woken(blocking);
        Assert.True(waits.Answered().Success);
    }

    [Fact]
    public async Task A_store_that_is_closed_wakes_who_sleeps_there()
    {
        Waiting waits = WaitHere();
        Task blocking = Callers.Start(() => waits.Pending.Block(waits.Pause with { Longest = _long }));
        IWakeUps wakeUps = waits.Pause.WakeUps!;
        CloseAll();
        await Woken(blocking);
        Assert.Equal("CLOSED", waits.Answered().Code);
        wakeUps.Clear();
        wakeUps.Sleep(_long);
        wakeUps.Wake();
    }

    [Fact]
    public async Task Wake_ups_that_nobody_takes_block_nobody()
    {
        IWakeUps wakeUps = WaitHere().Pause.WakeUps!;
        for (int i = 0; i < 100_000; i++)
        {
            wakeUps.Wake();
        }

        await Woken(Callers.Start(() => wakeUps.Sleep(_long)));
        int tries = 0;
        for (TimeSpan slept = TimeSpan.Zero; slept < _brief; tries++)
        {
            Assert.True(tries < 1_000, "there is no end of them");
            wakeUps.Clear();
            long start = TimeProvider.System.GetTimestamp();
            wakeUps.Sleep(_brief);
            slept = TimeProvider.System.GetElapsedTime(start);
        }
    }

    [Fact]
    public void Who_cannot_be_woken_looks_more_often()
    {
        LeaseId owner = KernelRandom.Shared.Next();
        using var taken = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        taken.Bind(new UnixDomainSocketEndPoint($"\0klock/{owner}"));
        using var coordinator = new LeaseCoordinator(SqliteStores.Open(FilePath, Clock, owner), KernelRandom.Shared);
        Waiting waits = new StoreClient(coordinator).Wait("old");
        Assert.Null(waits.Look());
        Assert.Null(waits.Pause.WakeUps);
        Assert.True(waits.Pause.Longest <= TimeSpan.FromMilliseconds(5), $"{waits.Pause.Longest}");
        _there.Release(_held);
        Assert.True(waits.Answered().Success);
    }

    [Theory]
    [InlineData("env")]
    [InlineData("unshare --net")]
    public async Task A_process_that_waits_is_granted_also_where_no_wake_up_gets_through(string by)
    {
        Assert.SkipUnless(HammerProcess.CanRun([.. by.Split(' '), "true"]), "A network namespace of its own is for root.");
        string request = Request.Acquire("old", path: "src/a.ts").With("wait_ms", 3_600_000).ToString();
        using HammerProcess waiting = HammerProcess.StartIn(
            by.Split(' '), "ask", "sqlite:" + FilePath, Folder.At("answer"), "Acquire", request);
        await Until(() => _there.Waiters().Length == 1, waiting);
        Assert.True(_there.Release(_held).Success);
        await Until(() => waiting.Ending is not null, waiting);
        string answer = await File.ReadAllTextAsync(Folder.At("answer0"), TestContext.Current.CancellationToken);
        Assert.Contains("\"success\":true", answer, StringComparison.Ordinal);
    }

    private static async Task Until(Func<bool> isSo, HammerProcess process)
    {
        for (int tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 6_000, process.Ending ?? "it waits on");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static Task Sleep(Waiting waits) => Callers.Start(() => waits.Pause.WakeUps!.Sleep(_long));

    private static Task Woken(Task sleeping) => sleeping.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    // Under ids that no other test has: they name the sockets.
    private StoreClient OpenOne() => new(OpenCoordinator(options: "?synchronous=normal", ids: KernelRandom.Shared));

    private void AdvanceAndEvict(long ms)
    {
        Advance(ms);
        _there.Evict();
    }

    // It keeps time, and has looked.
    private Waiting WaitHere(string predicate = "MUTATES", long waitMs = 3_600_000)
    {
        Waiting waits = _here.Wait("old", predicate: predicate, waitMs: waitMs);
        Assert.Null(waits.Look());
        Assert.NotNull(waits.Pause.WakeUps);
        return waits;
    }
}
