using System.Net;
using System.Net.Sockets;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Postgres;
using Klock.Storage.Tests.Contract;
using Klock.Storage.Tests.Harness;
using Klock.Storage.Tests.Replicated;
using Npgsql;
using Xunit;

namespace Klock.Storage.Tests.Postgres;

/// <summary>Several stores on one real PostgreSQL, and what happens to that.</summary>
public sealed class SharedPostgresTests() : SharedEngineSuite(
    static () => PostgresServer.Shared, static () => new PostgresServer(),
    static (address, acceptsRestore) => PostgresStores.Open(address, TimeProvider.System, KernelRandom.Shared.Next(), acceptsRestore))
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_standby_that_takes_over_gives_higher_tokens_and_what_it_has_not_got_is_gone()
    {
        using var old = new PostgresServer();
        using PostgresServer standby = old.NewStandby();
        string address = old.Address("team", also: standby.Host);
        using LeaseCoordinator coordinator = Open(address);
        var klock = new StoreClient(coordinator);
        string kept = Insist(() => klock.Acquire("a", path: "kept")).LeaseId;
        object written = old.Ask("select pg_current_wal_lsn()::text")!;
        Assert.True(SpinWait.SpinUntil(() => standby.Ask($"select pg_last_wal_replay_lsn() >= '{written}'") is true, 10_000));

        // What it was told of from here on it has not written down: as one that is far behind.
        standby.Ask("select pg_wal_replay_pause()");
        old.Ask("select pg_terminate_backend(pid) from pg_stat_replication");
        standby.Signal("STOP");
        Answer lost = klock.Acquire("a", path: "lost");
        Assert.True(lost.Success, lost.Text);
        old.Kill();
        standby.Signal("CONT");
        standby.Promote();

        Answer next = Insist(() => klock.Acquire("b", path: "lost"));
        Assert.True(next.Success, next.Text);
        Assert.True(next.Token > lost.Token, $"{next.Token} after {lost.Token}");
        Assert.True(klock.Get(kept).Success);
        Assert.Equal("UNKNOWN_LEASE", klock.Get(lost.LeaseId).Code);
        Assert.Contains("RESUMED", klock.Ask(Operation.Events, """{"after":0}""").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_behind_what_is_kept_is_told_and_a_new_store_starts_from_the_snapshot()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string address = PostgresServer.Shared.NewAddress();
        var options = new JournalOptions { SnapshotAfterBytes = 2_000, EventsBehind = 10 };
        using var often = new LeaseCoordinator(Store(address, options), KernelRandom.Shared);
        var klock = new StoreClient(often);
        Insist(() => klock.Acquire("a", path: "first"));
        using var behind = new PostgresJournal(PostgresAddress.Parse(address));
        long seen = (await behind.LoadAsync(cancel)).Head;
        for (int i = 0; i < 200; i++)
        {
            string lease = klock.Acquire("a", path: $"{i}").LeaseId;
            if (i % 2 == 0)
            {
                Assert.True(klock.Release(lease).Success);
            }
        }

        string oldest = $"select min(first) from {PostgresAddress.Parse(address).Schema}.batch";
        Assert.True(SpinWait.SpinUntil(() => (long)PostgresServer.Shared.Ask(oldest)! > seen + 1, 10_000), "nothing was dropped");
        Assert.Null(await behind.FetchAsync(seen, cancel));
        AppendAnswer nothing = await behind.AppendAsync(new JournalBatch(new BatchId(new LeaseId(1), 1), seen, []), cancel);
        Assert.Equal((false, null), (nothing.IsAppended, nothing.Missed));
        await KeptBatches.CheckAsync(behind, seen, cancel);
        using LeaseCoordinator fresh = Open(address);
        Assert.Equal(101, klock.ActiveIds().Length);
        Assert.Equal(klock.ActiveIds().Order(), new StoreClient(fresh).ActiveIds().Order());
    }

    [Fact]
    public void A_host_that_is_silent_is_passed_over()
    {
        // It takes connections and says nothing, as a machine does that is paused or cut off.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string address = PostgresServer.Shared.NewAddress().Replace(
            "@", $"@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port},", StringComparison.Ordinal);
        using LeaseCoordinator coordinator = Open(address);
        var klock = new StoreClient(coordinator);
        Assert.True(Insist(() => klock.Acquire("a")).Success);
        for (int i = 0; i < 20; i++)
        {
            Assert.True(klock.Acquire("a", path: $"{i}").Success);
        }
    }

    [Fact]
    public void A_user_who_may_only_use_a_schema_that_is_there_is_enough()
    {
        using var server = new PostgresServer();
        server.Ask("create role agent login; create schema team authorization agent; revoke create on database postgres from public");
        using LeaseCoordinator coordinator = Open(server.Address("team").Replace("//klock@", "//agent@", StringComparison.Ordinal));
        Answer granted = Insist(() => new StoreClient(coordinator).Acquire("a"));
        Assert.True(granted.Success, granted.Text);
    }

    [Fact]
    public void What_a_synchronous_standby_has_not_got_is_not_told_though_it_can_be_seen()
    {
        using var server = new PostgresServer();
        string address = server.NewAddress();
        string schema = PostgresAddress.Parse(address).Schema;
        using LeaseCoordinator first = Open(address);
        Insist(() => new StoreClient(first).Acquire("a", path: "before"));
        server.Configure("synchronous_standby_names = 'one_that_is_away'");
        string head = $"select sequence from {schema}.head";
        object before = server.Ask(head)!;

        // One that comes while the head is asked for is told so before it was tried.
        Func<Answer> ask = () => new StoreClient(first).Acquire("a", path: "during");
        Answer told = Patience.Until(ask, answer => answer.Success || !Equals(server.Ask(head), before));

        // Whoever waited for the standby was cut off: all see the lease. A failover would still lose it.
        Assert.Equal("STORAGE_UNAVAILABLE", told.Code);
        using LeaseCoordinator second = Open(address);
        Assert.Equal("STORAGE_UNAVAILABLE", new StoreClient(second).Ask(Operation.ListLeases, "{}").Code);
        Assert.Equal("STORAGE_UNAVAILABLE", new StoreClient(first).Ask(Operation.ListLeases, "{}").Code);

        server.Configure("synchronous_standby_names = ''");
        Assert.Equal(2, Insist(() => new StoreClient(second).Ask(Operation.ListLeases, "{}")).Data.GetArrayLength());
        Answer refused = Insist(() => new StoreClient(second).Acquire("b", path: "during"));
        Assert.NotNull(refused.Reason);
    }

    [Fact]
    public void A_journal_of_a_newer_format_is_refused_in_one_sentence()
    {
        string address = PostgresServer.Shared.NewAddress();
        using LeaseCoordinator first = Open(address);
        Insist(() => new StoreClient(first).Acquire("a"));
        PostgresServer.Shared.Ask($"update {PostgresAddress.Parse(address).Schema}.head set format = 2");
        using LeaseCoordinator coordinator = Open(address);
        Answer refused = new StoreClient(coordinator).Acquire("a");
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.Contains(
            "The journal has format 2, and this version of Klock reads format 1: use a newer klock-server.", refused.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_too_late_asks_the_others_to_let_it_go_first()
    {
        string location = PostgresServer.Shared.NewAddress();
        PostgresAddress address = PostgresAddress.Parse(location);
        using LeaseCoordinator coordinator = Open(location);
        var klock = new StoreClient(coordinator);
        Insist(() => klock.Acquire("a"));
        var patient = new JournalOptions { AnswersWithin = _long };
        using PostgresJournal one = new(address, patient), other = new(address, patient);
        await Wishes.AreHeardAsync(one, other, () => Assert.True(klock.Acquire("a", path: "second").Success));
    }

    [Fact]
    public void A_database_that_went_back_is_refused()
    {
        string address = PostgresServer.Shared.NewAddress();
        using LeaseCoordinator coordinator = Open(address);
        var klock = new StoreClient(coordinator);
        Insist(() => klock.Acquire("a"));
        PostgresServer.Shared.Ask($"update {PostgresAddress.Parse(address).Schema}.head set sequence = 7");
        for (int i = 0; i < 2; i++)
        {
            Answer refused = klock.Acquire("b", path: "other");
            Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
            Assert.Contains("The database has gone back from event ", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_that_got_to_the_same_number_by_another_history_is_refused()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        string address = PostgresServer.Shared.NewAddress();
        using LeaseCoordinator coordinator = Open(address);
        var klock = new StoreClient(coordinator);
        Insist(() => klock.Acquire("a"));
        using var beside = new PostgresJournal(PostgresAddress.Parse(address), new JournalOptions { AnswersWithin = _long });
        long before = (await beside.LoadAsync(cancel)).Head;
        string head = $"{PostgresAddress.Parse(address).Schema}.head";
        PostgresServer.Shared.Ask($"update {head} set writer = decode('{new string('a', 32)}', 'hex')");
        var next = new Event { Sequence = before + 1, Kind = EventKind.Resumed, AtMs = 0 };
        await Assert.ThrowsAsync<JournalWentBackException>(
            () => beside.AppendAsync(new JournalBatch(new BatchId(new LeaseId(1), 1), before, [next]), cancel));
        for (int i = 0; i < 2; i++)
        {
            Answer refused = klock.Acquire("b", path: "other");
            Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
            Assert.Contains("The database has gone back from event ", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, PostgresServer.Shared.Ask($"select sequence from {head}"));
    }

    // A dump takes no timeline with it: the new database begins with its first.
    [Fact]
    public void A_database_restored_onto_a_lower_timeline_is_refused_until_that_is_accepted()
    {
        using var first = new PostgresServer();
        using PostgresServer serving = first.NewStandby();
        serving.Promote();
        using var restored = new PostgresServer();
        using LeaseCoordinator running = Open(serving.Address("team", also: restored.Host));
        var klock = new StoreClient(running);
        string kept = Insist(() => klock.Acquire("a", path: "kept")).LeaseId;
        serving.DumpInto(restored, "team");
        const string Behind = "select head.timeline - timeline_id from team.head, pg_control_checkpoint()";
        Assert.True((long)restored.Ask(Behind)! > 0, "it is on no lower timeline");
        Answer lost = Insist(() => klock.Acquire("a", path: "lost"));
        serving.Kill();
        bool isRefused(Answer answer) => answer.Code == "STORAGE_UNAVAILABLE"
            && answer.Text.Contains("it was restored from a backup", StringComparison.Ordinal)
            && answer.Text.Contains("klock serve --accept-restore", StringComparison.Ordinal);
        Patience.Until(() => klock.Acquire("b", path: "lost"), isRefused);
        Patience.Until(() => klock.Get(kept), isRefused);

        using LeaseCoordinator accepting = Open(restored.Address("team"), acceptsRestore: true);
        Answer next = Insist(() => new StoreClient(accepting).Acquire("c", path: "next"));
        Assert.True(next.Token > lost.Token, $"{next.Token} after {lost.Token}");

        // Who refused goes on by itself, with the same state.
        Answer again = Insist(() => klock.Acquire("b", path: "lost"));
        Assert.InRange(again.Token, next.Token + 1, next.Token + 100);
        Assert.True(klock.Get(kept).Success);
        Assert.Equal("UNKNOWN_LEASE", klock.Get(lost.LeaseId).Code);
    }

    [Fact]
    public async Task What_is_acknowledged_is_flushed_whatever_the_user_of_the_database_has_set()
    {
        using var server = new PostgresServer();
        server.Ask("alter role klock set synchronous_commit = off; alter role klock set default_transaction_isolation = 'serializable'");
        using var database = new Database(PostgresAddress.Parse(server.NewAddress()), TimeSpan.FromSeconds(10));
        for (int use = 0; use < 3; use++)
        {
            Assert.Equal("on, read committed", await database.CallAsync(SettingsAsync, TestContext.Current.CancellationToken));
        }
    }

    private static async Task<string> SettingsAsync(NpgsqlConnection connection)
    {
        const string Sql = "select current_setting('synchronous_commit') || ', ' || current_setting('transaction_isolation')";
        await using var command = new NpgsqlCommand(Sql, connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    [Fact]
    public void Who_is_not_let_in_is_told_why()
    {
        string host = PostgresServer.Shared.Host;
        using LeaseCoordinator coordinator = Open($"//nobody@{host}/postgres");
        Answer refused = new StoreClient(coordinator).Acquire("a");
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.Contains("PostgreSQL refuses: role \"nobody\" does not exist (28000)", refused.Error, StringComparison.Ordinal);
    }

    private static Answer Insist(Func<Answer> ask) => Patience.Until(ask, static answer => answer.Code != "STORAGE_UNAVAILABLE");

    private static ReplicatedStore Store(string address, JournalOptions options) =>
        new(new PostgresJournal(PostgresAddress.Parse(address), options), TimeProvider.System, KernelRandom.Shared.Next());
}
