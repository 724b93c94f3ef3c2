using System.Net;
using System.Net.Sockets;
using System.Text;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>The same verbs on a server, by its URL and by its socket.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly Place _place = Place.InGit();
    private readonly Server _server;

    public ServerTests()
    {
        _server = new Server(_place, "--storage", "memory");
        _place.Environment["KLOCK_SERVER"] = _server.Url;
    }

    public void Dispose()
    {
        _server.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void Every_verb_works_as_on_a_store()
    {
        _place.Environment["KLOCK_AGENT_ID"] = "an agent/with?signs%";
        _place.Environment["KLOCK_SESSION_ID"] = "s/1";
        string lease = _place.Klock("acquire", "--file", "a.ts", "--note", "why").Well().Rows[0][0];
        Assert.Equal(
            ["FILE:a.ts", "MUTATES", "an agent/with?signs%", "s/1"], _place.Klock("leases", "--file", "a.ts").Well().Rows[0][1..5]);
        Assert.Empty(_place.Klock("leases", "--agent", "nobody").Well().Out);
        Assert.Equal([["renewed", lease]], _place.Klock("renew", lease).Well().Rows);
        _place.Klock("acquire", "--file", "b.ts", "--read", "c.ts").Well();
        Assert.Equal([["renewed", "3"]], _place.Klock("renew", "--all").Well().Rows);
        _place.Klock("acquire", "--file", "a.ts", "--session", "s/2").Failed(11);
        Assert.Contains(_place.Klock("events", "--last", "9").Well().Rows, row => row[2] == "RENEWED");
        Assert.Contains(_place.Klock("why", "a.ts").Well().Rows, row => row[0] == "events" && row[3] == "REFUSED");
        Assert.Equal([["released", "3"]], _place.Klock("release", "--all").Well().Rows);
        Assert.Single(_place.Klock("agents").Well().Rows);
        _place.Klock("release", lease).Failed(3);
        string other = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        Assert.Equal([["revoked", other]], _place.Klock("revoke", other).Well().Rows);
        Assert.Contains(_place.Klock("watch", "--once").Well().Rows, row => row[0] == "events" && row[3] == "REVOKED");
        _place.Klock("acquire", "--file", "a.ts", "--session", "..").Well();
        _place.Klock("release", "--all", "--session", "..").Failed(2);
    }

    [Fact]
    public void Check_takes_nothing()
    {
        const string Manifest = """
            {"agent_id":"m","session_id":"s","ttl":60000,"intents":[{"predicate":"MUTATES","resource_type":"FILE","resource_path":"a.ts"}]}
            """;
        _place.KlockWith(Manifest, "check").Well();
        Assert.Empty(_place.Klock("leases").Well().Out);
        _place.Klock("acquire", "--file", "a.ts").Well();
        Assert.Equal(11, _place.KlockWith(Manifest, "check").Code);
    }

    [Fact]
    public void A_wait_is_held_and_given_up()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "20s", "--agent", "waiter");
        using Running leaver = _place.Start("acquire", "--file", "a.ts", "--wait", "20s", "--agent", "leaver");
        Running.Until(() => _place.Klock("why", "a.ts").Rows.Count(row => row[0] == "waiting") == 2, "both wait");
        leaver.Signal(2);
        Assert.Equal(130, leaver.End().Code);
        Running.Until(() => _place.Klock("why", "a.ts").Rows.Count(row => row[0] == "waiting") == 1, "one waits");
        _place.Klock("release", lease).Well();
        Assert.Equal("waiter", waiter.End().Well().Rows[0][3]);
    }

    [Fact]
    public async Task Two_runs_that_edit_one_file_lose_nothing()
    {
        File.WriteAllText(_place.At("count"), "0");
        const string Edit = "n=$(cat count); sleep 0.02; echo $((n + 1)) > count";
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                _place.Klock("run", "--file", "count", "--", "sh", "-c", Edit).Well();
            }
        })));
        Assert.Equal("20", File.ReadAllText(_place.At("count")).Trim());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(19)]
    public void A_server_that_is_gone_or_hangs_stops_the_command_in_time(int signal)
    {
        using Running run = _place.Start("run", "--file", "a.ts", "--ttl", "2s", "--", "sh", "-c", "echo $$ > pid; exec sleep 30");
        Running.Until(() => File.Exists(_place.At("pid")) && File.ReadAllText(_place.At("pid")).EndsWith('\n'), "the command runs");
        int pid = int.Parse(File.ReadAllText(_place.At("pid")), System.Globalization.CultureInfo.InvariantCulture);
        long start = TimeProvider.System.GetTimestamp();
        _server.Process.Signal(signal);
        Running.Until(() => !Running.IsAlive(pid), "the command is stopped");
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 3);
        run.End().Failed(13);
    }

    [Fact]
    public void A_password_in_a_servers_URL_is_not_shown() =>
        Assert.DoesNotContain(
            "secret", _place.Klock("leases", "--server", "http://user:secret@127.0.0.1:1").Failed(2), StringComparison.Ordinal);

    [Fact]
    public void Health_needs_no_key_and_its_exit_code_is_the_answer()
    {
        using var keyed = new Server(With("KLOCK_API_KEY", "secret"), "--storage", "memory", "--host", "127.0.0.1");
        _place.Environment["KLOCK_SERVER"] = keyed.Url;
        _place.Environment["KLOCK_API_KEY"] = null;
        _place.Klock("leases").Failed(5);
        Assert.Equal("ok\n", _place.Klock("health").Well().Out);
        Assert.Equal("ok", _place.Klock("health", "--json").Well().Json.GetProperty("data").GetProperty("status").GetString());
        keyed.Process.Signal(9);
        keyed.Process.End();
        _place.Klock("health").Failed(4);
    }

    [Fact]
    public void A_key_is_taken_from_the_environment()
    {
        using var keyed = new Server(With("KLOCK_API_KEY", "secret"), "--storage", "memory", "--host", "127.0.0.1");
        _place.Environment["KLOCK_SERVER"] = keyed.Url;
        _place.Klock("leases").Well();
        _place.Environment["KLOCK_API_KEY"] = "wrong";
        _place.Klock("leases").Failed(5);
    }

    [Fact]
    public void Serve_hands_over_flags_signals_and_exit_code()
    {
        Assert.Contains("--max-connections", _place.Klock("serve", "--help").Well().Out, StringComparison.Ordinal);
        Assert.Equal(2, _place.Klock("serve", "--port", "x").Code);
        Assert.Equal("klock-server", File.ReadAllText($"/proc/{_server.Process.Pid}/comm").Trim());
        _server.Process.Signal(15);
        Assert.Equal(0, _server.Process.End().Code);
    }

    [Fact]
    public void The_socket_beside_the_default_store_is_preferred()
    {
        _place.Environment.Remove("KLOCK_SERVER");
        string folder = Directory.CreateDirectory(_place.At(".git", "klock")).FullName;
        using (var local = new Server(_place, "--storage", "auto", "--socket", Path.Combine(folder, "klock.sock")))
        {
            Assert.Equal("socket", _place.Klock("where").Well().Rows[0][0]);
            _place.Klock("run", "--file", "a.ts", "--", "sh", "-c", "klock leases | grep -q a.ts").Well();
            local.Process.Signal(9);
            local.Process.End();
        }

        Assert.Equal("storage", _place.Klock("where").Well().Rows[0][0]);
        Assert.Contains(_place.Klock("events").Well().Rows, row => row[2] == "GRANTED");
    }

    [Fact]
    public async Task An_answer_that_is_not_klocks_is_told()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(cancel);
            byte[] page = Encoding.ASCII.GetBytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>");
            _ = await client.GetStream().ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: true, cancel);
            await client.GetStream().WriteAsync(page, cancel);
        }, cancel);
        string url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        Assert.Contains("502", _place.Klock("leases", "--server", url).Failed(4), StringComparison.Ordinal);
        await answering;
    }

    private Place With(string name, string value)
    {
        _place.Environment[name] = value;
        return _place;
    }
}
