using System.Net;
using System.Net.Sockets;
using Klock.Cli.Tests.Hooks;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>Two servers on one store, which is what a cluster is to a client: it uses one that answers.</summary>
public sealed class SeveralServersTests : IDisposable
{
    private const int SigKill = 9;
    private const int SigStop = 19;
    private const int SigCont = 18;

    private readonly Place _place = Place.InGit();
    private Server _first;
    private readonly Server _second;

    public SeveralServersTests()
    {
        _first = new Server(_place, "--storage", "sqlite:server.db");
        _second = new Server(_place, "--storage", "sqlite:server.db");
        _place.Environment["KLOCK_SERVER"] = $"{_first.Url},{_second.Url}";
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void Each_command_uses_one_that_answers_also_when_one_was_killed_and_restarted()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well().Rows[0][0];
        Kill(_first);
        Assert.Equal(lease, Assert.Single(_place.Klock("leases").Well().Rows)[0]);
        _place.Klock("renew", lease).Well();
        _place.Klock("acquire", "--file", "a.ts").Failed(10 + 1);
        _place.Klock("acquire", "--file", "b.ts", "--ttl", "1h").Well();
        _place.Klock("health").Well();
        int port = _first.Port;
        _first.Dispose();
        _first = new Server(_place, port, "--storage", "sqlite:server.db");
        Kill(_second);
        _place.Klock("release", lease).Well();
        _place.Klock("release", lease).Failed(3);
    }

    [Fact]
    public void All_are_named_when_none_answers_and_so_is_one_that_is_no_url()
    {
        Kill(_first);
        Kill(_second);
        string error = _place.Klock("acquire", "--file", "a.ts").Failed(4);
        Assert.Contains("None of the 2 servers answers.", error, StringComparison.Ordinal);
        Assert.Contains($"{_first.Url} cannot be reached", error, StringComparison.Ordinal);
        Assert.Contains($"{_second.Url} cannot be reached", error, StringComparison.Ordinal);
        foreach (string list in (string[])[$"{_first.Url},localhost:3100", $"{_first.Url},"])
        {
            Assert.Contains("server 2 of 2 in the list is no URL", _place.Klock("leases", "--server", list).Failed(2),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Who_waits_where_a_server_is_killed_waits_on_at_another_and_is_granted_once()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well().Rows[0][0];
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "60s", "--agent", "waiter", "--ttl", "1h");
        UntilWaiting();
        Kill(_first);
        _place.Klock("release", lease).Well();
        Assert.Equal("waiter", Assert.Single(waiter.End().Well().Rows)[3]);
        Assert.Equal("waiter", Assert.Single(_place.Klock("leases").Well().Rows)[3]);
    }

    [Fact]
    public void Who_waits_where_a_server_is_paused_waits_on_at_another_and_is_granted_once()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well().Rows[0][0];
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "60s", "--agent", "waiter", "--ttl", "1h");
        UntilWaiting();
        _first.Process.Signal(SigStop);
        _place.Klock("release", lease, "--server", _second.Url).Well();
        Ran ran = waiter.End();
        Assert.True(ran.Code == 0, ran.Error);
        string granted = Assert.Single(ran.Rows)[0];
        _first.Process.Signal(SigCont);
        Running.Until(() => _place.Klock("health", "--server", _first.Url).Code == 0, "the first one is back");
        Assert.Equal(granted, Assert.Single(_place.Klock("leases", "--server", _first.Url).Well().Rows)[0]);
    }

    [Fact]
    public void A_command_that_runs_keeps_its_lease_through_the_second()
    {
        using Running run = _place.Start(
            "run", "--file", "a.ts", "--ttl", "3s", "--agent", "runner", "--", "sh", "-c", "touch ready; sleep 7; touch done");
        Running.Until(() => File.Exists(_place.At("ready")), "it runs");
        _first.Process.Signal(SigStop);
        Ran ran = run.End();
        Assert.True(ran.Code == 0 && File.Exists(_place.At("done")), $"ended with {ran.Code}: {ran.Error}");
        Assert.Empty(_place.Klock("leases", "--server", _second.Url).Well().Rows);
        _first.Process.Signal(SigCont);
    }

    [Fact]
    public void What_was_held_at_a_server_that_is_silent_is_released_at_another()
    {
        _place.Klock(
            "run", "--file", "a.ts", "--ttl", "1h", "--agent", "runner", "--", "kill", "-STOP", $"{_first.Process.Pid}").Well();
        Assert.Empty(_place.Klock("leases", "--server", _second.Url).Well().Rows);
        _first.Process.Signal(SigCont);
    }

    [Theory]
    [InlineData(502, "<html>")]
    [InlineData(503, "{\"success\":false,\"code\":\"STORAGE_UNAVAILABLE\",\"error\":\"It may or may not have happened.\"}")]
    [InlineData(504, "{}")]
    public void A_release_that_was_carried_out_and_answered_as_failed_is_settled_by_the_next(int status, string body)
    {
        string lease = _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well().Rows[0][0];
        using var failing = new FakeServer(request =>
        {
            Assert.StartsWith($"DELETE /leases/{lease}", request, StringComparison.Ordinal);
            _place.Klock("release", lease, "--server", _second.Url).Well();
            return FakeServer.Http(status, body);
        });
        _place.Klock("release", lease, "--server", $"{failing.Url},{_second.Url}").Well();
    }

    [Fact]
    public void One_that_had_expired_is_not_said_to_be_released()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts", "--ttl", "1ms").Well().Rows[0][0];
        using var failing = new FakeServer(static _ => FakeServer.Http(503, ""));
        _place.Klock("release", lease, "--server", $"{failing.Url},{_second.Url}").Failed(3);
    }

    // The system answers for a program that takes no connections until its queue is full; then it says nothing.
    [Fact]
    public async Task What_was_never_sent_to_a_server_that_cannot_be_connected_to_is_not_said_to_be_done()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(backlog: 1);
        var queued = new List<TcpClient>();
        CancellationToken cancel = TestContext.Current.CancellationToken;
        for (bool isFull = false; !isFull;)
        {
            var client = new TcpClient();
            queued.Add(client);
            Task connected = client.ConnectAsync((IPEndPoint)deaf.LocalEndPoint!, cancel).AsTask();
            isFull = await Task.WhenAny(connected, Task.Delay(300, cancel)) != connected;
        }

        string never = new('0', 32);
        string list = $"http://{deaf.LocalEndPoint},{_second.Url}";
        _place.Klock("release", never, "--server", list).Failed(3);
        queued.ForEach(static client => client.Dispose());
    }

    [Fact]
    public async Task A_wait_whose_session_is_ended_is_over_at_all_of_them()
    {
        _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well();
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "60s", "--agent", "waiter", "--session", "s");
        UntilWaiting();
        using var http = new HttpClient();
        var session = new Uri($"{_second.Url}/sessions/waiter/s");
        (await http.DeleteAsync(session, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.NotEqual(0, waiter.End().Code);
        Assert.DoesNotContain(_place.Klock("watch", "--once").Rows, row => row[0] == "waiting");
    }

    [Fact]
    public void Hooks_use_one_that_answers()
    {
        _place.Environment["KLOCK_WAIT"] = "0s";
        Kill(_first);
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Write", _place.At("new.ts"), session: "one")));
        Assert.NotNull(HookCall.Blocks(_place.KlockWith(
            HookCall.Event(_place, "Write", _place.At("new.ts"), session: "two"), "hook", "claude", "PreToolUse")));
        Assert.Equal("FILE:new.ts", Assert.Single(_place.Klock("leases").Well().Rows)[1]);
    }

    [Fact]
    public void Where_and_doctor_show_which_of_them_answers()
    {
        Kill(_first);
        string[][] rows = _place.Klock("where").Well().Rows;
        Assert.Equal([_first.Url, "no"], rows[1][..2]);
        Assert.Equal([_second.Url, "yes"], rows[2][..2]);
        var servers = _place.Klock("where", "--json").Well().Json.GetProperty("data").GetProperty("servers");
        Assert.Equal(["no", "yes"], servers.EnumerateArray().Select(one => one.GetProperty("answers").GetString()));
        string doctor = _place.Klock("doctor").Out;
        Assert.Contains($"server: {_first.Url} does NOT answer: ", doctor, StringComparison.Ordinal);
        Assert.Contains($"server: {_second.Url} answers\n", doctor, StringComparison.Ordinal);
    }

    private static void Kill(Server server)
    {
        server.Process.Signal(SigKill);
        Running.Until(() => !Running.IsAlive(server.Process.Pid), "it is gone");
    }

    private void UntilWaiting() => Running.Until(
        () => _place.Klock("watch", "--once").Rows.Any(row => row[0] == "waiting"), "it waits");
}
