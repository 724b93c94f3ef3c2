using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary><c>klock status</c> and <c>klock watch</c> see one state of a server, in one request where it can answer one.</summary>
public sealed class SnapshotTests : IDisposable
{
    private const int SigTerm = 15;

    private const string Lease = "{\"id\":\"0123456789abcdef0123456789abcdef\",\"agent_id\":\"ann\",\"session_id\":\"s\","
        + "\"resource\":\"FILE:a\","
        + "\"predicate\":\"MUTATES\",\"state\":\"Active\",\"acquired_at\":1,\"ttl\":1,\"expires_at\":2,\"last_heartbeat\":1,"
        + "\"fencing_token\":7,\"note\":null}";

    private const string Granted = "{\"seq\":7,\"kind\":\"GRANTED\",\"at\":1,\"agent_id\":\"ann\",\"session_id\":\"s\","
        + "\"resource\":\"FILE:a\","
        + "\"predicate\":\"MUTATES\",\"fencing_token\":7,\"expires_at\":2,\"note\":null}";

    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void One_request_takes_the_place_of_three()
    {
        using var server = new FakeServer(Answer);
        _place.Klock("status", "--server", server.Url).Well();
        Assert.Equal(["/snapshot"], Asked(server));
        Ran watched = _place.Klock("watch", "--once", "--json", "--server", server.Url).Well();
        Assert.Equal(["/snapshot", "/snapshot", "/events"], Asked(server));
        Assert.Equal(["leases 1", "waiters 0", "events 1"], Counts(watched));
    }

    [Fact]
    public void An_older_server_is_asked_in_three_and_asked_once_whether_it_has_snapshots()
    {
        using var server = new FakeServer(request => PathOf(request) == "/snapshot"
            ? FakeServer.Http(404, "{\"success\":false,\"code\":\"INVALID_REQUEST\",\"error\":\"The path is none that this server has.\"}")
            : Answer(request));
        Ran status = _place.Klock("status", "--json", "--server", server.Url).Well();
        Assert.Equal(["leases 1", "waiters 0", "events 0"], Counts(status));
        Assert.Equal(["/snapshot", "/health", "/leases", "/waiters"], Asked(server));
        using Running watch = _place.Start("watch", "--json", "--interval", "20ms", "--server", server.Url);
        Assert.NotNull(watch.Output.ReadLine());
        Running.Until(() => Asked(server).Count(path => path == "/waiters") > 4, "it looks again");
        watch.Signal(SigTerm);
        watch.End();
        Assert.Equal(2, Asked(server).Count(path => path == "/snapshot"));
    }

    [Fact]
    public void A_key_that_may_only_read_shows_everything_but_the_ids_of_leases()
    {
        File.WriteAllText(_place.At("keys"), "reader read-only\nwriter\n");
        using var server = new Server(_place, "--storage", "memory", "--api-key-file", "keys", "--host", "127.0.0.1");
        Assert.Equal(0, Sh($"KLOCK_API_KEY=writer klock acquire --file a --agent ann --server {server.Url}").Code);
        foreach (string verb in (string[])["status --json", "watch --once --json"])
        {
            Ran shown = Sh($"KLOCK_API_KEY=reader klock {verb} --server {server.Url}");
            JsonElement lease = Assert.Single(shown.Json.GetProperty("data").GetProperty("leases").EnumerateArray());
            Assert.Equal("ann", lease.GetProperty("agent_id").GetString());
            Assert.False(lease.TryGetProperty("id", out _));
        }

        Ran table = Sh($"KLOCK_API_KEY=reader klock status --server {server.Url}");
        Assert.Equal(0, table.Code);
        Assert.Contains("/a\tMUTATES\tann\t", table.Out, StringComparison.Ordinal);
    }

    private static string Answer(string request) => FakeServer.Http(200, PathOf(request) switch
    {
        "/snapshot" => "{\"success\":true,\"data\":{\"sequence\":7,\"time\":\"2026-01-31T12:00:00.000Z\",\"leases\":[" + Lease
            + "],\"waiters\":[],\"agents\":[],\"next\":{}}}",
        "/health" => "{\"success\":true,\"data\":{\"status\":\"ok\",\"active_leases\":1,\"sequence\":7,\"version\":\"0.2.0\"}}",
        "/leases" => $"{{\"success\":true,\"data\":[{Lease}]}}",
        "/events" => $"{{\"success\":true,\"data\":[{Granted}]}}",
        _ => "{\"success\":true,\"data\":[]}",
    });

    private static string PathOf(string request) => request.Split(' ')[1].Split('?')[0];

    private static string[] Asked(FakeServer server) => [.. server.Heard.Select(PathOf)];

    private static string[] Counts(Ran ran) => [.. ((string[])["leases", "waiters", "events"]).Select(list =>
        $"{list} {ran.Json.GetProperty("data").GetProperty(list).GetArrayLength()}")];

    private Ran Sh(string line)
    {
        using Running shell = _place.StartOther("sh", "-c", line);
        return shell.End();
    }
}
