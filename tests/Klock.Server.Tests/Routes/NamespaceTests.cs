using System.Text.Json;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Routes;

/// <summary>Repositories on one server: in bodies, queries, streams and health.</summary>
public sealed class NamespaceTests : IAsyncLifetime
{
    private const string Shop = "github.com/acme/shop";
    private const string InShop = "?namespace=github.com%2Facme%2Fshop";

    private readonly TempFolder _folder = new();
    private ServerProcess? _server;
    private Api? _api;

    private Api Api => _api!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync("--root", _folder.Path, "--log-level", "debug");
        _api = new Api(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_in_different_ones_never_meets_and_answers_say_in_which_it_is()
    {
        string plain = (await Api.AcquireAsync("a", "README.md")).Is(201).LeaseId;
        Reply shop = (await Api.PostAsync("/leases", In(Shop, "b", "README.md"))).Is(201);
        Assert.Equal(Shop, shop.Data.GetProperty("namespace").GetString());
        Reply refused = (await Api.PostAsync("/leases", In(Shop, "c", "README.md"))).Is(409);
        Assert.Equal(Shop, refused.Json.GetProperty("conflicts")[0].GetProperty("namespace").GetString());
        Assert.Equal([plain, shop.LeaseId], await IdsAsync(""));
        Assert.Equal([shop.LeaseId], await IdsAsync(InShop));
        Assert.Equal([shop.LeaseId], await IdsAsync(InShop + "&resource=FILE:**"));
        Assert.Equal([plain], await IdsAsync("?resource=FILE:**"));
        (await Api.GetAsync("/leases?namespace=")).IsError(400, "INVALID_REQUEST");
        (await Api.GetAsync("/leases?namespace=a&namespace=b")).IsError(400, "INVALID_REQUEST");
        (await Api.GetAsync("/events?resource=FILE:x&namespace=" + new string('n', 257))).IsError(400, "INVALID_REQUEST");
        Assert.False((await Api.GetAsync("/health")).Data.TryGetProperty("namespace_by", out _));
        await _server!.UntilLoggedAsync($"b s MUTATES FILE:README.md in {Shop} in ");
    }

    [Fact]
    public async Task An_absolute_path_in_the_root_is_the_same_file_in_the_same_namespace_only()
    {
        (await Api.PostAsync("/leases", In(Shop, "a", _folder.At("src/a.ts")))).Is(201);
        (await Api.PostAsync("/leases", In(Shop, "b", "src/a.ts"))).Is(409);
        (await Api.AcquireAsync("b", _folder.At("src/a.ts"))).Is(201);
        Assert.Single(await IdsAsync(InShop + "&resource=FILE:" + Uri.EscapeDataString(_folder.At("src/**"))));
    }

    [Fact]
    public async Task A_stream_is_narrowed_down_to_one_and_a_gap_is_told_all_the_same()
    {
        using EventReader all = await EventReader.OpenAsync(Api, "/events" + InShop);
        using EventReader some = await EventReader.OpenAsync(Api, "/events" + InShop + "&resource=FILE:src/**");
        using EventReader none = await EventReader.OpenAsync(Api, "/events?resource=FILE:src/**");
        await Api.AcquireAsync("plain", "src/a");
        await Api.PostAsync("/leases", In(Shop, "shop", "lib/a"));
        await Api.PostAsync("/leases", In(Shop, "shop", "src/a"));
        await Api.PostAsync("/leases", In("other", "other", "src/a"));
        await Api.AcquireAsync("plain", "src/b");
        Assert.Equal(["GRANTED shop", "GRANTED shop"], await all.NextAsync(2));
        Assert.Equal(["GRANTED shop"], await some.NextAsync(1));
        Assert.Equal(["GRANTED plain", "GRANTED plain"], await none.NextAsync(2));

        using EventReader late = await EventReader.OpenAsync(Api, "/events?after=1&namespace=other");
        JsonElement gap = (await late.NextAsync())!.Value;
        Assert.Equal("GAP", gap.GetProperty("kind").GetString());
        Assert.Equal(["GRANTED other"], await late.NextAsync(1));
    }

    [Fact]
    public async Task A_server_that_keeps_repositories_apart_refuses_requests_for_a_resource_in_none()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--namespace-by", "repository");
        using var api = new Api(server.Url);
        Assert.Equal("repository", (await api.GetAsync("/health")).Data.GetProperty("namespace_by").GetString());
        Reply[] refused =
        [
            await api.AcquireAsync("a", "README.md"), await api.PostAsync("/intents", Manifest("")),
            await api.PostAsync("/intents", Manifest(",\"ttl\":1000")), await api.GetAsync("/leases?resource=FILE:x"),
            await api.GetAsync("/waiters?resource=FILE:x"), await api.GetAsync("/events?resource=FILE:x"),
            await api.PostAsync("/leases", Api.Lease("a", "x").Replace("{", "{\"namespace\":null,", StringComparison.Ordinal)),
        ];
        Assert.All(refused, reply =>
        {
            reply.IsError(400, "INVALID_REQUEST");
            Assert.StartsWith("namespace is missing: ", reply.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        });
        Assert.Empty((await api.GetAsync("/agents")).Data.EnumerateArray());
        string lease = (await api.PostAsync("/leases", In(Shop, "a", "README.md"))).Is(201).LeaseId;
        (await api.PostAsync("/intents", Manifest($",\"namespace\":\"{Shop}\""))).Is(200);
        Assert.Single((await api.GetAsync("/leases")).Data.EnumerateArray());
        (await api.PostAsync($"/leases/{lease}/heartbeat")).Is(200);
        (await api.DeleteAsync("/sessions/a/s")).Is(200);
    }

    [Fact]
    public async Task What_it_may_be_started_with_is_said()
    {
        (int exitCode, _, string errors) = await ServerProcess.RunAsync([], "--namespace-by", "folder");
        Assert.Equal(2, exitCode);
        Assert.Contains("--namespace-by is 'folder': it must be one of none, repository", errors, StringComparison.Ordinal);
    }

    internal static string In(string name, string agent, string path, long waitMs = 0) =>
        Api.Lease(agent, path, waitMs).Replace("{", $"{{\"namespace\":\"{name}\",", StringComparison.Ordinal);

    internal static string Manifest(string more) =>
        "{\"agent_id\":\"m\",\"session_id\":\"s\",\"intents\":["
        + "{\"predicate\":\"MUTATES\",\"resource_type\":\"FILE\",\"resource_path\":\"free\"}]" + more + "}";

    private async Task<string[]> IdsAsync(string query) =>
        [.. (await Api.GetAsync("/leases" + query)).Is(200).Data.EnumerateArray().Select(lease => lease.GetProperty("id").GetString()!)];
}
