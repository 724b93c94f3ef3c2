using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Routes;

/// <summary>Requests that are held until they are granted, refused, or abandoned by their client.</summary>
public abstract class WaitTests(RunningServer running)
{
    private Api Api => running.Api;

    [Fact]
    public async Task A_held_request_is_granted_when_the_holder_lets_go()
    {
        Reply held = (await Api.AcquireAsync("g1", "/granted")).Is(201);
        Task<Reply> waiting = Api.AcquireAsync("g2", "/granted", waitMs: 20_000);
        await Api.UntilWaitersAsync(1);
        Assert.False(waiting.IsCompleted);
        await Api.DeleteAsync("/leases/" + held.LeaseId);
        Assert.Equal("g2", (await waiting).Is(201).Data.GetProperty("agent_id").GetString());
        Assert.Equal(0, await Api.WaitersAsync());
    }

    [Fact]
    public async Task A_held_request_is_granted_when_the_holder_runs_out()
    {
        (await Api.AcquireAsync("r1", "/runs-out", ttl: 300)).Is(201);
        (await Api.AcquireAsync("r2", "/runs-out", waitMs: 20_000)).Is(201);
    }

    [Fact]
    public async Task A_held_request_ends_when_its_time_is_up()
    {
        (await Api.AcquireAsync("t1", "/time-up")).Is(201);
        Reply refused = (await Api.AcquireAsync("t2", "/time-up", waitMs: 100)).Is(409);
        Assert.StartsWith("{\"success\":false,\"reason\":\"WAIT_TIMEOUT\",", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, await Api.WaitersAsync());
    }

    [Fact]
    public async Task A_held_change_is_granted_when_the_reader_lets_go()
    {
        await Api.RegisterAsync("w-old", 1);
        string mine = await ReadAsync("w-old");
        string other = await ReadAsync("w-new");
        Task<Reply> waiting = Api.SendAsync("PATCH", "/leases/" + mine, "{\"predicate\":\"MUTATES\",\"wait_ms\":20000}");
        await Api.UntilWaitersAsync(1);
        await Api.DeleteAsync("/leases/" + other);
        Assert.Equal("MUTATES", (await waiting).Is(201).Data.GetProperty("predicate").GetString());
    }

    private async Task<string> ReadAsync(string agent)
    {
        string request = Api.Lease(agent, "/change").Replace("MUTATES", "CONSUMES", StringComparison.Ordinal);
        return (await Api.PostAsync("/leases", request)).Is(201).LeaseId;
    }

    [Fact]
    public async Task Ending_a_session_ends_its_waits()
    {
        (await Api.AcquireAsync("c1", "/closed")).Is(201);
        Task<Reply> waiting = Api.AcquireAsync("c2", "/closed", waitMs: 20_000, session: "closed");
        await Api.UntilWaitersAsync(1);
        await Api.DeleteAsync("/sessions/c2/closed");
        Reply ended = await waiting;
        ended.IsError(503, "CLOSED");
        Assert.DoesNotContain("Retry-After", ended.Headers.Keys);
    }

    [Fact]
    public async Task A_client_that_vanishes_leaves_no_waiter_and_gets_nothing()
    {
        Reply held = (await Api.AcquireAsync("v1", "/vanishes")).Is(201);
        using (await WaitOnAsync("/vanishes"))
        {
            // And goes.
        }

        await Api.UntilWaitersAsync(0);
        await Api.DeleteAsync("/leases/" + held.LeaseId);
        Assert.Empty((await Api.GetAsync("/leases?resource=FILE:/vanishes")).Data.EnumerateArray());
    }

    [Fact]
    public async Task What_is_granted_to_a_client_in_the_moment_in_which_it_vanishes_is_given_back()
    {
        for (int round = 0; round < 100; round++)
        {
            Reply held = (await Api.AcquireAsync("m1", "/moment")).Is(201);
            using (await WaitOnAsync("/moment"))
            {
                // And goes.
            }

            // Were it kept, it would be for a minute.
            await Api.DeleteAsync("/leases/" + held.LeaseId);
            long start = TimeProvider.System.GetTimestamp();
            while ((await Api.GetAsync("/leases?resource=FILE:/moment")).Data.GetArrayLength() > 0)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start).TotalSeconds < 20, $"round {round}: it is held by nobody");
            }
        }
    }

    [Fact]
    public async Task What_has_a_request_id_is_kept_when_one_of_those_who_asked_vanishes()
    {
        for (int round = 0; round < 20; round++)
        {
            Reply held = (await Api.AcquireAsync("n1", "/named")).Is(201);
            string name = $"{{\"request_id\":\"r{round}\",";
            string body = Api.Lease("n2", "/named", waitMs: 60_000).Replace("{", name, StringComparison.Ordinal);
            Task<Reply> stays = Api.PostAsync("/leases", body);
            await Api.UntilWaitersAsync(1);
            using (await WaitAsync(body, waiters: 2))
            {
                // And goes.
            }

            await Api.DeleteAsync("/leases/" + held.LeaseId);
            string granted = (await stays).Is(201).LeaseId;
            await Api.UntilWaitersAsync(0);
            (await Api.PostAsync($"/leases/{granted}/heartbeat", "")).Is(200);
            (await Api.DeleteAsync("/leases/" + granted)).Is(200);
        }
    }

    private Task<RawConnection> WaitOnAsync(string path) => WaitAsync(Api.Lease("v2", path, waitMs: 60_000), waiters: 1);

    private async Task<RawConnection> WaitAsync(string body, int waiters)
    {
        RawConnection connection = await RawConnection.OpenAsync(running.Server.Url);
        await connection.SendAsync($"POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await Api.UntilWaitersAsync(waiters);
        return connection;
    }
}

/// <summary>On the memory store.</summary>
public sealed class MemoryWaitTests(RunningServer running) : WaitTests(running), IClassFixture<RunningServer>;

/// <summary>On an SQLite file.</summary>
public sealed class SqliteWaitTests(RunningSqliteServer running) : WaitTests(running), IClassFixture<RunningSqliteServer>;
