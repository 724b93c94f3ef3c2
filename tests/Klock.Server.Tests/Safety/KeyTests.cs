using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Safety;

/// <summary>Keys: which are accepted, which only read, and that no key is ever shown.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private const string FromVariable = "variable-key-1f9a";
    private const string FromFile = "file-key-77ab";
    private const string Reader = "reader-key-c0de";

    private readonly TempFolder _folder = new();
    private ServerProcess? _server;

    private Uri Url => new($"http://127.0.0.1:{_server!.Url.Port}");

    public async ValueTask InitializeAsync()
    {
        string file = _folder.At("keys");
        await File.WriteAllTextAsync(file, $"# all\n\n  {FromFile}   # of the build server\n{Reader} read-only # of the dashboard\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _server = await ServerProcess.StartWithAsync([("KLOCK_API_KEY", FromVariable)], "--api-key-file", file, "--log-level", "debug");
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(FromVariable)]
    [InlineData(FromFile)]
    public async Task A_key_opens_everything(string key)
    {
        using var api = new Api(Url, key);
        (await api.AcquireAsync("a", "/" + key)).Is(201);
        (await api.GetAsync("/leases")).Is(200);
        (await api.GetAsync("/metrics")).Is(200);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer " + FromFile + "x")]
    [InlineData("Bearer variable-key-1f9")]
    [InlineData("Basic " + FromFile)]
    [InlineData(FromFile)]
    [InlineData("Bearer")]
    [InlineData("Bearer #")]
    [InlineData("Bearer read-only")]
    public async Task Anything_else_opens_nothing_but_health(string? header)
    {
        using var api = new Api(Url);
        (string, string)[] headers = header is null ? [] : [("Authorization", header)];
        Reply refused = await api.SendAsync("POST", "/leases", Api.Lease("a", "/b"), headers);
        refused.IsError(401, "UNAUTHORIZED");
        Assert.Equal("Bearer", refused.Headers["WWW-Authenticate"]);
        foreach (string path in (string[])["/leases", "/metrics", "/events", "/nothing", "/health/x", "/openapi/v1.json"])
        {
            (await api.GetAsync(path, headers)).IsError(401, "UNAUTHORIZED");
        }

        foreach (string path in (string[])["/health", "/readyz", "/livez"])
        {
            (await api.GetAsync(path, headers)).Is(200);
        }
    }

    [Fact]
    public async Task Two_keys_at_once_are_none() => Assert.StartsWith(
        "HTTP/1.1 401",
        await RawConnection.AskAsync(Url, "GET", "/leases", $"Authorization: Bearer {FromFile}\r\nAuthorization: Bearer {FromFile}\r\n"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_scheme_may_be_in_any_case(string scheme)
    {
        using var api = new Api(Url);
        (await api.GetAsync("/leases", ("Authorization", $"{scheme} {FromFile}"))).Is(200);
    }

    [Fact]
    public async Task A_read_only_key_looks_and_changes_nothing()
    {
        using var full = new Api(Url, FromFile);
        string lease = (await full.AcquireAsync("a", "/read-only")).Is(201).LeaseId;
        using var reader = new Api(Url, Reader);
        foreach (string path in (string[])["/leases", "/leases/" + lease, "/agents", "/health", "/metrics"])
        {
            (await reader.GetAsync(path)).Is(200);
        }

        const string Manifest = "{\"agent_id\":\"r\",\"session_id\":\"s\",\"intents\":["
            + "{\"predicate\":\"MUTATES\",\"resource_type\":\"FILE\",\"resource_path\":\"/free\"}]";
        (await reader.PostAsync("/intents", Manifest + "}")).Is(200);
        (string Method, string Path, string Body)[] writing =
        [
            ("POST", "/intents", Manifest + ",\"ttl\":1000}"), ("POST", "/leases", Api.Lease("r", "/free")), ("POST", "/agents", "{}"),
            ("DELETE", "/leases/" + lease, ""), ("PATCH", "/leases/" + lease, "{\"predicate\":\"CONSUMES\"}"), ("POST", "/evict", ""),
            ("POST", $"/leases/{lease}/heartbeat", ""), ("POST", $"/leases/{lease}/revoke", ""), ("POST", "/sessions/a/s/heartbeat", ""),
            ("DELETE", "/sessions/a/s", ""),
        ];
        foreach ((string method, string path, string body) in writing)
        {
            (await reader.SendAsync(method, path, body)).IsError(403, "FORBIDDEN");
        }

        Assert.Equal("MUTATES", (await full.GetAsync("/leases/" + lease)).Data.GetProperty("predicate").GetString());
        Assert.Empty((await full.GetAsync("/leases?agent_id=r")).Data.EnumerateArray());
    }

    [Fact]
    public async Task With_a_key_the_host_is_open_and_its_name_does_not_matter()
    {
        Assert.Equal("0.0.0.0", _server!.Url.Host);
        using var api = new Api(Url, FromFile);
        (await api.GetAsync("/leases", ("Host", "coordinator.example"), ("Origin", "https://elsewhere.example"))).Is(200);
    }

    [Fact]
    public async Task No_key_and_no_lease_id_is_in_the_log_or_the_list_of_processes()
    {
        using var api = new Api(Url, FromVariable);
        string lease = (await api.AcquireAsync("logged", "/logged")).Is(201).LeaseId;
        (await api.PostAsync($"/leases/{lease}/heartbeat")).Is(200);
        (await api.SendAsync("PATCH", "/leases/" + lease, "{\"predicate\":\"CONSUMES\"}")).Is(201);
        (await api.DeleteAsync("/leases/" + lease)).Is(200);
        using var stranger = new Api(Url, "a-strangers-key");
        (await stranger.GetAsync("/leases")).Is(401);
        await _server!.UntilLoggedAsync("Release done");
        string shown = _server.Errors + string.Concat(_server.Lines) + await File.ReadAllTextAsync($"/proc/{_server.Id}/cmdline",
            TestContext.Current.CancellationToken);
        foreach (string secret in (string[])[FromVariable, FromFile, Reader, lease, "a-strangers-key"])
        {
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        }

        Assert.Matches("Acquire done: logged s MUTATES FILE:/logged in ", _server.Errors);
        Assert.DoesNotContain("eartbeat", _server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_others_can_read_is_warned_of()
    {
        string file = _folder.At("open");
        await File.WriteAllTextAsync(file, "k\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await using ServerProcess server = await ServerProcess.StartAsync("--api-key-file", file);
        await server.UntilLoggedAsync("chmod 600");
    }
}
