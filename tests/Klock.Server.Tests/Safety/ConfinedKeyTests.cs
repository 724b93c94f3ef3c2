using System.Text.Json;
using Klock.Server.Tests.Routes;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Safety;

/// <summary>A key that is confined to some namespaces: it works there, and sees nothing of the others.</summary>
public sealed class ConfinedKeyTests : IAsyncLifetime
{
    private const string Keys = """
        all-key
        shop-key namespace=shop namespace=a%20b # two of them
        shop-reader read-only namespace=shop
        """;

    private readonly TempFolder _folder = new();
    private ServerProcess? _server;
    private Api? _all, _shop, _reader;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_folder.At("keys"), Keys);
        File.SetUnixFileMode(_folder.At("keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _server = await ServerProcess.StartAsync("--api-key-file", _folder.At("keys"), "--host", "127.0.0.1");
        (_all, _shop, _reader) = (new Api(_server.Url, "all-key"), new Api(_server.Url, "shop-key"), new Api(_server.Url, "shop-reader"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Api? api in (Api?[])[_all, _shop, _reader])
        {
            api?.Dispose();
        }

        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_asks_for_what_is_in_its_namespaces_and_for_nothing_else()
    {
        (await _shop!.PostAsync("/leases", In("shop", "a", "x"))).Is(201);
        (await _shop.PostAsync("/leases", In("a b", "a", "x"))).Is(201);
        Reply[] refused =
        [
            await _shop.PostAsync("/leases", In("other", "a", "x")), await _shop.AcquireAsync("a", "x"),
            await _shop.PostAsync("/intents", NamespaceTests.Manifest("")),
            await _shop.PostAsync("/intents", NamespaceTests.Manifest(",\"namespace\":\"other\",\"ttl\":1000")),
            await _shop.GetAsync("/leases?namespace=other"), await _shop.GetAsync("/leases?resource=FILE:x"),
            await _shop.GetAsync("/waiters?namespace=other"), await _shop.GetAsync("/events?namespace=other"),
            await _shop.GetAsync("/metrics"), await _shop.PostAsync("/evict"), await _reader!.GetAsync("/leases?namespace=a%20b"),
            await _reader.PostAsync("/leases", In("shop", "r", "y")),
        ];
        Assert.All(refused, reply => reply.IsError(403, "FORBIDDEN"));
        Assert.Equal(
            "namespace is not one of this key's: the key is confined to shop, a b.",
            refused[0].Json.GetProperty("error").GetString());
        Assert.Equal(2, (await _all!.GetAsync("/leases")).Data.GetArrayLength());
    }

    [Fact]
    public async Task Lists_show_it_nothing_of_others()
    {
        await _all!.AcquireAsync("plain", "secret");
        await _all.PostAsync("/leases", In("other", "other", "secret"));
        await _all.PostAsync("/leases", In("shop", "mine", "x"));
        Task<Reply> waiting = _all.PostAsync("/leases", In("other", "waiter", "secret", 5_000));
        await _all.UntilWaitersAsync(1);
        foreach (Api api in (Api[])[_shop!, _reader!])
        {
            JsonElement lease = Assert.Single((await api.GetAsync("/leases")).Data.EnumerateArray());
            Assert.Equal("FILE:x", lease.GetProperty("resource").GetString());
            Assert.Equal("mine", Assert.Single((await api.GetAsync("/agents")).Data.EnumerateArray()).GetProperty("agent_id").GetString());
            Assert.Empty((await api.GetAsync("/waiters")).Data.EnumerateArray());
        }

        await _all.DeleteAsync("/sessions/other/s");
        (await waiting).Is(201);
    }

    [Fact]
    public async Task A_lease_of_others_is_unknown_to_it()
    {
        string lease = (await _all!.PostAsync("/leases", In("other", "other", "x"))).Is(201).LeaseId;
        Reply[] unknown =
        [
            await _shop!.GetAsync("/leases/" + lease), await _shop.DeleteAsync("/leases/" + lease),
            await _shop.PostAsync($"/leases/{lease}/heartbeat"), await _shop.PostAsync($"/leases/{lease}/revoke"),
            await _shop.SendAsync("PATCH", "/leases/" + lease, "{\"predicate\":\"CONSUMES\"}"),
        ];
        Assert.All(unknown, reply => reply.IsError(404, "UNKNOWN_LEASE"));
        Assert.Equal("MUTATES", (await _all.GetAsync("/leases/" + lease)).Is(200).Data.GetProperty("predicate").GetString());
    }

    [Fact]
    public async Task Of_a_session_it_renews_and_ends_what_is_in_its_namespaces()
    {
        string other = (await _all!.PostAsync("/leases", In("other", "a", "x"))).Is(201).LeaseId;
        (await _all.PostAsync("/leases", In("shop", "elder", "held"))).Is(201);
        (await _all.PostAsync("/leases", In("other", "elder", "held"))).Is(201);
        await _all.RegisterAsync("b", 1);
        Task<Reply> there = _all.PostAsync("/leases", In("other", "b", "held", 30_000));
        Task<Reply> here = _all.PostAsync("/leases", In("shop", "b", "held", 30_000));
        await _all.UntilWaitersAsync(2);
        (await _shop!.PostAsync("/leases", In("shop", "a", "x"))).Is(201);
        Assert.Equal(1, (await _shop.PostAsync("/sessions/a/s/heartbeat")).Data.GetProperty("renewed").GetInt32());
        Assert.Equal(1, (await _shop.DeleteAsync("/sessions/a/s")).Data.GetProperty("released").GetInt32());
        Assert.Equal(0, (await _shop.DeleteAsync("/sessions/b/s")).Data.GetProperty("released").GetInt32());
        (await here).IsError(503, "CLOSED");
        Assert.False(there.IsCompleted);
        (await _all.GetAsync("/leases/" + other)).Is(200);
        await _all.DeleteAsync("/sessions/elder/s");
        (await there).Is(201);
    }

    [Fact]
    public async Task Events_show_it_nothing_of_others_and_it_gets_on()
    {
        long before = (await _all!.GetAsync("/health")).Data.GetProperty("sequence").GetInt64();
        using EventReader events = await EventReader.OpenAsync(_shop!, "/events");
        for (int i = 0; i < 12; i++)
        {
            await _all.PostAsync("/leases", In("other", "hidden", $"x{i}"));
        }

        await _all.PostAsync("/leases", In("shop", "mine", "x"));
        Assert.Equal(["GRANTED mine"], await events.NextAsync(1));

        // Far fewer than it may see lie between: an empty answer would leave it where it is.
        Reply list = (await _shop!.GetAsync($"/events?after={before}&limit=3", ("Accept", "application/json"))).Is(200);
        JsonElement only = Assert.Single(list.Data.EnumerateArray());
        Assert.Equal("mine", only.GetProperty("agent_id").GetString());
        Assert.DoesNotContain("hidden", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_server_that_keeps_repositories_apart_it_has_to_name_one_too()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(
            "--api-key-file", _folder.At("keys"), "--host", "127.0.0.1", "--namespace-by", "repository");
        using var api = new Api(server.Url, "shop-key");
        (await api.AcquireAsync("a", "x")).IsError(400, "INVALID_REQUEST");
        (await api.PostAsync("/leases", In("other", "a", "x"))).IsError(403, "FORBIDDEN");
        (await api.PostAsync("/leases", In("shop", "a", "x"))).Is(201);
        Assert.Equal("repository", (await api.GetAsync("/health")).Data.GetProperty("namespace_by").GetString());
    }

    [Theory]
    [InlineData("k namespace=", "has a namespace that is empty: it must be a string of 1 to 256 bytes")]
    [InlineData("k namespace=a%0Ab", "contains a control character")]
    [InlineData("k namespaces=a", "is not KEY [read-only] [namespace=NAME]... [# comment]")]
    [InlineData("k shop", "is not KEY [read-only] [namespace=NAME]... [# comment]")]
    public async Task A_line_that_is_none_stops_the_start(string line, string problem)
    {
        await File.WriteAllTextAsync(_folder.At("wrong"), line, TestContext.Current.CancellationToken);
        (int exitCode, _, string errors) = await ServerProcess.RunAsync([], "--api-key-file", _folder.At("wrong"));
        Assert.Equal(2, exitCode);
        Assert.Contains("--api-key-file, line 1, ", errors, StringComparison.Ordinal);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
    }

    private static string In(string name, string agent, string path, long waitMs = 0) => NamespaceTests.In(name, agent, path, waitMs);
}
