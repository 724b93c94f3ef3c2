using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>Several stores on one real engine, and what happens to that.</summary>
/// <param name="shared">The one that all tests use that do it no harm.</param>
/// <param name="start">Starts one of a test's own.</param>
/// <param name="open">Opens a store on a journal, as a server does; and whether it accepts that the journal was restored.</param>
public abstract class SharedEngineSuite(Func<ISharedEngine> shared, Func<ISharedEngine> start, Func<string, bool, IStore> open)
{
    // Told within a second, on a machine that does much else.
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Stores_on_one_engine_never_overlap(int stores)
    {
        using StoresHammer hammer = Hammer(shared().NewAddress(), stores);
        hammer.AwaitGrants(300);
        hammer.Check();
    }

    [Fact]
    public void An_engine_that_is_killed_and_started_again_has_lost_nothing()
    {
        using ISharedEngine engine = start();
        string address = engine.NewAddress();
        using LeaseCoordinator holding = Open(address);
        string lease = new StoreClient(holding).Acquire("holder", path: "held", session: "h").LeaseId;
        using StoresHammer hammer = Hammer(address, stores: 2);
        hammer.AwaitGrants(50);
        engine.KillAndRestart();
        hammer.AwaitGrants(50);
        Assert.True(new StoreClient(holding).Get(lease).Success);
        Assert.True(new StoreClient(holding).Release(lease).Success);
        hammer.Check();
    }

    /// <summary>Grants of some 4 MB, where an engine takes one at a time. Whoever frees them is on one server, and who waits on another.
    /// </summary>
    [Fact]
    public async Task One_release_frees_more_than_one_append_takes()
    {
        const int Waiters = 40;
        string address = shared().NewAddress();
        using LeaseCoordinator holding = Open(address), waiting = Open(address);
        string lease = new StoreClient(holding).Acquire("holder", path: "**").LeaseId;
        string folder = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 8));
        object[] files = [.. Enumerable.Range(0, 250).Select(file => Request.Intent("CONSUMES", $"{folder}/{file}"))];
        Task<Answer>[] asked = [.. Enumerable.Range(0, Waiters).Select(i => Callers.Start(() => new StoreClient(waiting).Ask(
            Operation.AcquireAll,
            Request.Declare($"w{i}", "s", files).With("ttl", 600_000).With("wait_ms", 60_000).ToString())))];
        var klock = new StoreClient(holding);
        Assert.True(SpinWait.SpinUntil(() => klock.Waiters().Length == Waiters * files.Length, 60_000), "not all wait");
        Answer released = klock.Release(lease);
        Assert.True(released.Success, released.Text);
        Answer[] granted = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.All(granted, static answer => Assert.True(answer.Success, answer.Text));
        Assert.Equal(Waiters * files.Length, new StoreClient(waiting).ActiveIds().Length);
    }

    [Fact]
    public async Task Of_an_engine_that_is_silent_all_are_told_soon_and_it_serves_afterwards()
    {
        using ISharedEngine engine = start();
        string address = engine.NewAddress();
        using StoresHammer hammer = Hammer(address, stores: 2);
        hammer.AwaitGrants(20);
        using LeaseCoordinator another = Open(address);
        Assert.True(
            SpinWait.SpinUntil(() => new StoreClient(another).Ask(Operation.Health, "{}").Success, 60_000), "it does not come up");
        engine.Signal("STOP");
        try
        {
            // Some come while an earlier request waits for its answer, some when nothing is known any more: for six seconds.
            Task[] asked = [.. Enumerable.Range(0, 30).Select(turn => Callers.Start(() => IsToldSoon(another, turn)))];
            await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
        finally
        {
            engine.Signal("CONT");
        }

        Assert.NotEqual(0, hammer.Unanswered);
        hammer.AwaitGrants(20);
        for (int turn = 0; turn < 30; turn++)
        {
            new StoreClient(another).Ask(Operation.EndSession, Request.Of(("agent_id", $"{turn}"), ("session_id", "s")).ToString());
        }

        hammer.Check();
    }

    [Fact]
    public void What_was_restored_from_a_backup_is_refused_until_that_is_accepted_and_then_tokens_go_on_above_all_that_were_given()
    {
        using ISharedEngine engine = start();
        string address = engine.NewAddress();
        using LeaseCoordinator running = Open(address);
        var klock = new StoreClient(running);
        string kept = Patience.Until(() => klock.Acquire("a", path: "kept"), Granted).LeaseId;
        engine.TakeBackup();
        Patience.Until(() => klock.Acquire("a", path: "more"), Granted);
        Answer lost = Patience.Until(() => klock.Acquire("a", path: "lost"), Granted);
        engine.RestoreBackup();
        Patience.Until(() => klock.Acquire("b", path: "lost"), IsRefused);
        Assert.True(IsRefused(klock.Get(kept)));

        using LeaseCoordinator accepting = Open(address, acceptsRestore: true);
        var other = new StoreClient(accepting);
        Answer next = Patience.Until(() => other.Acquire("c", path: "next"), Granted);
        Assert.True(next.Token > lost.Token, $"{next.Token} after {lost.Token}");
        Assert.Contains("RESUMED", other.Ask(Operation.Events, """{"after":0}""").Text, StringComparison.Ordinal);

        // Who refused goes on by itself, with the same state, and nobody jumps a second time.
        Answer again = Patience.Until(() => klock.Acquire("b", path: "lost"), Granted);
        Assert.InRange(again.Token, next.Token + 1, next.Token + 100);
        Assert.True(klock.Get(kept).Success);
        Assert.Equal("UNKNOWN_LEASE", klock.Get(lost.LeaseId).Code);
        engine.KillAndRestart();
        Answer last = Patience.Until(() => other.Acquire("c", path: "last"), Granted);
        Assert.InRange(last.Token, again.Token + 1, again.Token + 100);
        Assert.Equal(klock.ActiveIds().Order(), other.ActiveIds().Order());
    }

    // Whether a batch begins where the known ones end, so that the numbers fit, or one spans that.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_restored_and_has_gone_past_what_a_store_knows_is_refused_until_that_is_accepted(bool fits)
    {
        using ISharedEngine engine = start();
        string address = engine.NewAddress();
        using LeaseCoordinator running = Open(address);
        var klock = new StoreClient(running);
        string kept = Patience.Until(() => klock.Acquire("a", path: "kept"), Granted).LeaseId;
        engine.TakeBackup();
        Answer lost = Patience.Until(() => klock.Acquire("a", path: "lost"), Granted);
        engine.RestoreBackup();
        using LeaseCoordinator fresh = Open(address);
        var other = new StoreClient(fresh);
        if (fits)
        {
            Assert.Equal(lost.Token, Patience.Until(() => other.Acquire("a", path: "other"), Granted).Token);
        }

        Patience.Until(() => other.Ask(Operation.Health, "{}"), Granted);
        Assert.True(other.AcquireAll("a", [.. Enumerable.Range(0, 5).Select(path => Request.Intent("MUTATES", $"all/{path}"))]).Success);
        Patience.Until(() => RefusedOf(klock.Acquire("b", path: "lost")), IsRefused);
        for (int i = 0; i < 3; i++)
        {
            Patience.Until(() => RefusedOf(klock.Get(kept)), IsRefused);
        }

        using LeaseCoordinator accepting = Open(address, acceptsRestore: true);
        Answer next = Patience.Until(() => new StoreClient(accepting).Acquire("c", path: "next"), Granted);
        Answer again = Patience.Until(() => klock.Acquire("b", path: "lost"), Granted);
        Assert.InRange(again.Token, next.Token + 1, next.Token + 100);
        Assert.Equal("UNKNOWN_LEASE", klock.Get(lost.LeaseId).Code);
        Assert.Equal(klock.ActiveIds().Order(), new StoreClient(accepting).ActiveIds().Order());
        Assert.Equal(klock.ActiveIds().Order(), other.ActiveIds().Order());
    }

    /// <summary>Opens a coordinator on a journal, as a server does.</summary>
    protected LeaseCoordinator Open(string address, bool acceptsRestore = false) =>
        new(open(address, acceptsRestore), KernelRandom.Shared);

    private StoresHammer Hammer(string address, int stores) => new(() => open(address, false), stores);

    private static bool Granted(Answer answer) => answer.Success;

    private static bool IsRefused(Answer answer) =>
        answer.Text.Contains("has gone back from event", StringComparison.Ordinal)
        && answer.Text.Contains("--accept-restore", StringComparison.Ordinal);

    // One that must not be anything else, but for an engine that has no time.
    private static Answer RefusedOf(Answer answer)
    {
        Assert.Equal("STORAGE_UNAVAILABLE", answer.Code);
        return answer;
    }

    private static void IsToldSoon(LeaseCoordinator coordinator, int turn)
    {
        Thread.Sleep(TimeSpan.FromMilliseconds(200 * turn));
        long start = TimeProvider.System.GetTimestamp();
        Assert.Equal("STORAGE_UNAVAILABLE", new StoreClient(coordinator).Acquire($"{turn}", path: $"other/{turn}").Code);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, _soon);
    }
}
