using System.Text.Json;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Mcp;

/// <summary>MCP over HTTP: sessions, requests without one, and what must be the same as on all other routes.</summary>
public sealed class McpTests(RunningServer running) : IClassFixture<RunningServer>
{
    private Api Api => running.Api;

    [Fact]
    public async Task A_claim_is_a_lease_that_ends_with_its_session()
    {
        McpClient one = await McpClient.ConnectAsync(Api, "one"), other = await McpClient.ConnectAsync(Api, "other");
        JsonElement claimed = await one.CallAsync("klock_claim", """{"files":["m/a.ts","m/./b.ts"],"note":"the login"}""");
        Assert.True(claimed.GetProperty("structuredContent").GetProperty("claimed").GetBoolean(), claimed.GetRawText());
        JsonElement[] leases = await LeasesAsync("FILE:m/**");
        Assert.Equal(["FILE:m/a.ts", "FILE:m/b.ts"], leases.Select(lease => lease.GetProperty("resource").GetString()));
        string agent = leases[0].GetProperty("agent_id").GetString()!;
        Assert.Matches("^mcp:one:[0-9a-f]{12}$", agent);
        Assert.DoesNotContain(one.Session!, leases[0].GetRawText(), StringComparison.Ordinal);

        JsonElement refused = await other.CallAsync("klock_claim", """{"files":["m/b.ts"],"wait_s":0}""");
        Assert.False(refused.GetProperty("structuredContent").GetProperty("claimed").GetBoolean());
        Assert.Contains($"{agent} (the login)", Sentence(refused), StringComparison.Ordinal);
        (await Api.AcquireAsync("rest", "m/a.ts")).Is(409);

        (await one.EndAsync()).Is(200);
        Assert.Empty(await LeasesAsync("FILE:m/**"));
        Assert.Equal(404, (await one.SendAsync("ping", [])).Status);
        await other.EndAsync();
    }

    [Fact]
    public async Task A_claim_waits_and_its_client_may_go_away()
    {
        string lease = (await Api.AcquireAsync("rest", "w/a.ts")).Is(201).LeaseId;
        McpClient client = await McpClient.ConnectAsync(Api);
        Task<JsonElement> waiting = client.CallAsync("klock_claim", """{"files":["w/a.ts"],"wait_s":60}""");
        await Api.UntilWaitersAsync(1);
        await Api.DeleteAsync("/leases/" + lease);
        Assert.StartsWith("Claimed for you: w/a.ts.", Sentence(await waiting), StringComparison.Ordinal);
        Assert.Single(await LeasesAsync("FILE:w/a.ts"));
        McpClient gone = await McpClient.ConnectAsync(Api);
        using (var impatient = new Api(running.Server.Url))
        {
            Task<JsonElement> never = gone.Over(impatient).CallAsync("klock_claim", """{"files":["w/a.ts"],"wait_s":60}""");
            await Api.UntilWaitersAsync(1);
            impatient.Dispose();
            await Assert.ThrowsAnyAsync<Exception>(() => never);
        }

        await Api.UntilWaitersAsync(0);
        await client.EndAsync();
        await gone.EndAsync();
    }

    [Fact]
    public async Task Requests_of_2026_07_28_claim_for_the_agent_that_their_header_names()
    {
        JsonElement found = McpClient.Message((await McpClient.AskAloneAsync(Api, "server/discover", [])).Is(200)).GetProperty("result");
        Assert.Contains("2026-07-28", found.GetProperty("supportedVersions").GetRawText(), StringComparison.Ordinal);
        JsonElement nobody = await McpClient.CallAloneAsync(Api, "klock_claim", """{"files":["s/a.ts"]}""");
        Assert.True(nobody.GetProperty("isError").GetBoolean());
        Assert.Contains("Klock-Agent", Sentence(nobody), StringComparison.Ordinal);
        await McpClient.CallAloneAsync(Api, "klock_claim", """{"files":["s/a.ts"]}""", ("Klock-Agent", "claude:S1"));
        Assert.Equal("claude:S1", Assert.Single(await LeasesAsync("FILE:s/a.ts")).GetProperty("agent_id").GetString());
        JsonElement refused = await McpClient.CallAloneAsync(
            Api, "klock_claim", """{"files":["s/a.ts"],"wait_s":0}""", ("Klock-Agent", "claude:S2"));
        Assert.False(refused.GetProperty("structuredContent").GetProperty("claimed").GetBoolean());
        await McpClient.CallAloneAsync(Api, "klock_release", """{"all":true}""", ("Klock-Agent", "claude:S1"));
        Assert.Empty(await LeasesAsync("FILE:s/a.ts"));
    }

    [Fact]
    public async Task It_is_guarded_as_every_route_is()
    {
        (await Api.SendAsync("POST", "/mcp", "{}", ("Origin", "https://evil.example"))).IsError(403, "FORBIDDEN");
        (await Api.SendAsync("POST", "/mcp", "{}", ("Host", "evil.example"))).IsError(403, "FORBIDDEN");
        (await Api.SendAsync("POST", "/mcp", new string(' ', 1_048_577))).IsError(413, "PAYLOAD_TOO_LARGE");
        Assert.Equal(400, (await Api.SendAsync("POST", "/mcp", "no JSON", ("Accept", "application/json, text/event-stream"))).Status);
        McpClient client = await McpClient.ConnectAsync(Api);
        JsonElement wrong = await client.CallAsync("klock_claim", """{"files":["../a"]}""");
        Assert.True(wrong.GetProperty("isError").GetBoolean());
        await client.EndAsync();
    }

    [Fact]
    public async Task Keys_and_namespaces_count_as_everywhere()
    {
        using var folder = new TempFolder();
        string file = folder.At("keys");
        await File.WriteAllTextAsync(
            file, "full-key-1\nreader-key-1 read-only\nconfined-key-1 namespace=shop\n", TestContext.Current.CancellationToken);
        await using ServerProcess server = await ServerProcess.StartAsync("--api-key-file", file);
        var url = new Uri($"http://127.0.0.1:{server.Url.Port}");
        using Api nobody = new(url), full = new(url, "full-key-1"), reader = new(url, "reader-key-1");
        using Api confined = new(url, "confined-key-1");
        (await nobody.SendAsync("POST", "/mcp", "{}")).IsError(401, "UNAUTHORIZED");
        McpClient reading = await McpClient.ConnectAsync(reader);
        Assert.Contains("free", Sentence(await reading.CallAsync("klock_why", """{"path":"a"}""")), StringComparison.Ordinal);
        Assert.Contains("read-only", Sentence(await reading.CallAsync("klock_claim", """{"files":["a"]}""")), StringComparison.Ordinal);
        (string, string) shop = ("Klock-Namespace", "shop");
        McpClient selling = await McpClient.ConnectAsync(confined);
        JsonElement elsewhere = await selling.CallAsync("klock_claim", """{"files":["a"]}""", ("Klock-Namespace", "bank"));
        Assert.True(elsewhere.GetProperty("isError").GetBoolean());
        Assert.False((await selling.CallAsync("klock_claim", """{"files":["a"]}""", shop)).TryGetProperty("isError", out _));
        McpClient all = await McpClient.ConnectAsync(full);
        Assert.Contains("a is free", Sentence(await all.CallAsync("klock_why", """{"path":"a"}""")), StringComparison.Ordinal);
        Assert.Contains("in use", Sentence(await all.CallAsync("klock_why", """{"path":"a"}""", shop)), StringComparison.Ordinal);
    }

    // The name of an agent is no secret, and a claim of one namespace is none of another.
    [Fact]
    public async Task Claims_of_an_agent_without_a_session_stay_in_their_namespace()
    {
        using var folder = new TempFolder();
        string file = folder.At("keys");
        await File.WriteAllTextAsync(
            file, "full-key-1\nreader-key-1 read-only namespace=bank\nshop-key-1 namespace=shop\nbank-key-1 namespace=bank\n",
            TestContext.Current.CancellationToken);
        await using ServerProcess server = await ServerProcess.StartAsync("--api-key-file", file);
        var url = new Uri($"http://127.0.0.1:{server.Url.Port}");
        using Api shop = new(url, "shop-key-1"), bank = new(url, "bank-key-1"), reader = new(url, "reader-key-1");
        (string, string)[] inShop = [("Klock-Agent", "bob"), ("Klock-Namespace", "shop")];
        (string, string)[] inBank = [("Klock-Agent", "bob"), ("Klock-Namespace", "bank")];
        await McpClient.CallAloneAsync(shop, "klock_claim", """{"files":["a"]}""", inShop);
        foreach (Api other in new[] { bank, reader })
        {
            JsonElement status = await McpClient.CallAloneAsync(other, "klock_status", "{}", inBank);
            Assert.DoesNotContain("claimed a", Sentence(status), StringComparison.Ordinal);
        }

        Assert.True((await McpClient.CallAloneAsync(bank, "klock_status", "{}", inShop)).GetProperty("isError").GetBoolean());
        await McpClient.CallAloneAsync(bank, "klock_release", """{"all":true}""", inBank);
        using Api full = new(url, "full-key-1");
        Assert.Single((await full.GetAsync("/leases")).Is(200).Data.EnumerateArray());
        await McpClient.CallAloneAsync(bank, "klock_claim", """{"files":["a"]}""", inBank);
        Assert.Equal(2, (await full.GetAsync("/leases")).Is(200).Data.EnumerateArray().Count());
    }

    private static string Sentence(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;

    private async Task<JsonElement[]> LeasesAsync(string resource) =>
        [.. (await Api.GetAsync($"/leases?resource={Uri.EscapeDataString(resource)}")).Is(200).Data.EnumerateArray()];
}
