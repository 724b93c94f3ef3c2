using System.Diagnostics;
using System.Net.Sockets;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Life;

/// <summary>Stopping and starting again.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Storage => $"sqlite:{_folder.At("klock.db")}";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("memory", "TERM")]
    [InlineData("sqlite", "TERM")]
    [InlineData("memory", "INT")]
    public async Task Whoever_waits_is_told_to_ask_again_and_it_ends_well_within_5_s(string kind, string signal)
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--storage", kind == "sqlite" ? Storage : kind);
        using var api = new Api(server.Url);
        (await api.AcquireAsync("a", "/held")).Is(201);
        Task<Reply>[] waiting = [.. Enumerable.Range(0, 20).Select(i => api.AcquireAsync($"w{i}", "/held", waitMs: 600_000))];
        using HttpResponseMessage events = await api.OpenAsync("/events");
        using RawConnection idle = await RawConnection.OpenAsync(server.Url);
        using RawConnection slow = await RawConnection.OpenAsync(server.Url);
        await slow.SendAsync("POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
        await api.UntilWaitersAsync(20);
        long start = TimeProvider.System.GetTimestamp();
        Task<int> stopped = signal == "TERM" ? server.StopAsync() : InterruptAsync(server);
        foreach (Reply reply in await Task.WhenAll(waiting))
        {
            reply.IsError(503, "CLOSED");
            Assert.Equal("1", reply.Headers["Retry-After"]);
        }

        Assert.Equal(0, await stopped);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 5);
        await Assert.ThrowsAnyAsync<SocketException>(() => RawConnection.OpenAsync(server.Url));
    }

    [Fact]
    public async Task A_restart_on_a_file_keeps_leases_tokens_and_priorities()
    {
        string lease;
        long token;
        await using (ServerProcess first = await ServerProcess.StartAsync("--storage", Storage))
        {
            using var api = new Api(first.Url);
            await api.RegisterAsync("elder", 7);
            Reply granted = (await api.AcquireAsync("elder", "/kept")).Is(201);
            (lease, token) = (granted.LeaseId, granted.Data.GetProperty("fencing_token").GetInt64());
            Assert.Equal(0, await first.StopAsync());
        }

        await using ServerProcess second = await ServerProcess.StartAsync("--storage", Storage);
        using var again = new Api(second.Url);
        Assert.Equal(token, (await again.GetAsync("/leases/" + lease)).Is(200).Data.GetProperty("fencing_token").GetInt64());
        Assert.Contains("{\"agent_id\":\"elder\",\"priority\":7}", (await again.GetAsync("/agents")).Text, StringComparison.Ordinal);
        (await again.AcquireAsync("young", "/kept")).Is(409);
        (await again.DeleteAsync("/leases/" + lease)).Is(200);
        Assert.True((await again.AcquireAsync("young", "/kept")).Is(201).Data.GetProperty("fencing_token").GetInt64() > token);
    }

    [Fact]
    public async Task A_store_that_fails_refuses_and_is_used_again_when_it_works()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--storage", Storage);
        using var api = new Api(server.Url);
        (await api.AcquireAsync("a", "/before")).Is(201);
        await SpoilAsync("ALTER TABLE events RENAME TO gone");
        (await api.AcquireAsync("a", "/broken")).IsError(503, "STORAGE_UNAVAILABLE");
        Reply health = await api.GetAsync("/health");
        health.IsError(503, "STORAGE_UNAVAILABLE");
        Assert.Equal("1", health.Headers["Retry-After"]);
        Assert.Contains("klock_store_up 0", (await api.GetAsync("/metrics")).Is(200).Text, StringComparison.Ordinal);
        await server.UntilLoggedAsync("the store fails");
        await SpoilAsync("ALTER TABLE gone RENAME TO events");
        (await api.GetAsync("/health")).Is(200);
        Assert.Single((await api.GetAsync("/leases")).Data.EnumerateArray());
    }

    private async Task SpoilAsync(string sql)
    {
        using Process python = Process.Start(
            "/usr/bin/python3", ["-c", $"import sqlite3; c=sqlite3.connect('{_folder.At("klock.db")}'); c.execute('{sql}'); c.commit()"]);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, python.ExitCode);
    }

    private static async Task<int> InterruptAsync(ServerProcess server)
    {
        server.Signal("INT");
        return await server.StopAsync();
    }
}
