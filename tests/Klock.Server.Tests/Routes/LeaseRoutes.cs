using System.Text;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Routes;

/// <summary>Every route, and the answers and statuses that the specification gives it. Run on each store.</summary>
public abstract class LeaseRoutes(RunningServer running)
{
    private Api Api => running.Api;

    [Fact]
    public async Task A_lease_is_granted_shown_renewed_changed_and_released()
    {
        Reply granted = (await Api.AcquireAsync("life", "/life")).Is(201);
        string id = granted.LeaseId;
        Assert.Matches(
            "^{\"success\":true,\"data\":{\"lease_id\":\"[0-9a-f]{32}\",\"agent_id\":\"life\",\"session_id\":\"s\","
            + "\"resource\":\"FILE:/life\","
            + "\"predicate\":\"MUTATES\",\"acquired_at\":[0-9]+,\"ttl\":60000,\"expires_at\":[0-9]+,\"fencing_token\":[0-9]+}}$",
            granted.Text);
        Assert.Equal(id, (await Api.GetAsync("/leases/" + id)).Is(200).Data.GetProperty("id").GetString());
        Reply listed = (await Api.GetAsync("/leases?agent_id=life&session_id=s&resource=FILE%3A%2Flife")).Is(200);
        Assert.Equal(id, listed.Data[0].GetProperty("id").GetString());
        Assert.Empty((await Api.GetAsync("/leases?agent_id=life&resource=FILE%3A%2Felsewhere")).Is(200).Data.EnumerateArray());
        Assert.Matches(
            "^{\"success\":true,\"data\":{\"renewed\":true,\"lease_id\":\"" + id + "\",\"expires_at\":[0-9]+}}$",
            (await Api.PostAsync($"/leases/{id}/heartbeat")).Is(200).Text);
        Reply changed = (await Api.SendAsync("PATCH", "/leases/" + id, "{\"predicate\":\"CONSUMES\"}")).Is(201);
        Assert.Equal(id, changed.LeaseId);
        Assert.Equal("CONSUMES", changed.Data.GetProperty("predicate").GetString());
        Assert.Equal(
            "{\"success\":true,\"data\":{\"released\":true,\"lease_id\":\"" + id + "\"}}", (await Api.DeleteAsync("/leases/"
                + id)).Is(200).Text);
        (await Api.GetAsync("/leases/" + id)).IsError(404, "UNKNOWN_LEASE");
        (await Api.DeleteAsync("/leases/" + id)).IsError(404, "UNKNOWN_LEASE");
        (await Api.PostAsync($"/leases/{id}/heartbeat")).IsError(404, "UNKNOWN_LEASE");
        (await Api.PostAsync($"/leases/{id}/revoke")).IsError(404, "UNKNOWN_LEASE");
        (await Api.SendAsync("PATCH", "/leases/" + id, "{\"predicate\":\"CONSUMES\"}")).IsError(404, "UNKNOWN_LEASE");
    }

    [Fact]
    public async Task A_refusal_names_who_is_in_the_way_but_not_their_lease()
    {
        Reply held = (await Api.AcquireAsync("holder", "/refused")).Is(201);
        Reply refused = (await Api.AcquireAsync("late", "/refused")).Is(409);
        Assert.StartsWith("{\"success\":false,\"reason\":\"DIE\",\"wait_time\":1000,\"message\":\"", refused.Text,
            StringComparison.Ordinal);
        Assert.Equal("holder", refused.Json.GetProperty("conflicts")[0].GetProperty("agent_id").GetString());
        Assert.DoesNotContain(held.LeaseId, refused.Text, StringComparison.Ordinal);
        await Api.RegisterAsync("elder", 1);
        Assert.Equal("WAIT", (await Api.AcquireAsync("elder", "/refused")).Is(409).Json.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_lease_that_ran_out_is_gone()
    {
        string id = (await Api.AcquireAsync("short", "/short", ttl: 1)).Is(201).LeaseId;
        await Task.Delay(20, TestContext.Current.CancellationToken);
        (await Api.PostAsync($"/leases/{id}/heartbeat")).IsError(410, "EXPIRED");
        (await Api.DeleteAsync("/leases/" + id)).IsError(410, "EXPIRED");
        (await Api.GetAsync("/leases/" + id)).IsError(410, "EXPIRED");
        (await Api.SendAsync("PATCH", "/leases/" + id, "{\"predicate\":\"CONSUMES\"}")).IsError(410, "EXPIRED");
    }

    [Theory]
    [InlineData(null, null, 60_000)]
    [InlineData("", "application/x-www-form-urlencoded", 60_000)]
    [InlineData("{}", "application/json", 60_000)]
    [InlineData("{\"ttl\":null}", "application/json", 60_000)]
    [InlineData("{\"ttl\":600000,\"lease_id\":\"not this one\"}", "application/json", 600_000)]
    public async Task A_heartbeat_needs_no_body_and_takes_a_ttl(string? body, string? type, long ttl)
    {
        string id = (await Api.AcquireAsync("lasts", "/lasts")).Is(201).LeaseId;
        (await HeartbeatAsync(id, body, type)).Is(200);
        Assert.Equal(ttl, (await Api.GetAsync("/leases/" + id)).Data.GetProperty("ttl").GetInt64());
        (await Api.DeleteAsync("/leases/" + id)).Is(200);
    }

    [Theory]
    [InlineData("{\"ttl\":0}", "application/json", 400, "ttl is 0")]
    [InlineData("{\"ttl\":1", "application/json", 400, "not JSON")]
    [InlineData("null", "application/json", 400, "not an object")]
    [InlineData("ttl=5", "application/x-www-form-urlencoded", 415, "Content-Type")]
    public async Task A_heartbeat_with_a_body_that_is_wrong_renews_nothing(string body, string type, int status, string says)
    {
        Reply lease = (await Api.AcquireAsync("wrong", "/wrong")).Is(201);
        Reply refused = await HeartbeatAsync(lease.LeaseId, body, type);
        refused.IsError(status, "INVALID_REQUEST");
        Assert.Contains(says, refused.Text, StringComparison.Ordinal);
        Assert.Equal(
            lease.Data.GetProperty("expires_at").GetInt64(),
            (await Api.GetAsync("/leases/" + lease.LeaseId)).Data.GetProperty("expires_at").GetInt64());
        (await Api.DeleteAsync("/leases/" + lease.LeaseId)).Is(200);
    }

    private async Task<Reply> HeartbeatAsync(string id, string? body, string? type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/leases/{id}/heartbeat");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type!);
        }

        return await Api.SendAsync(request);
    }

    [Fact]
    public async Task An_operator_revokes()
    {
        string id = (await Api.AcquireAsync("revoked", "/revoked")).Is(201).LeaseId;
        Assert.Equal(
            "{\"success\":true,\"data\":{\"revoked\":true,\"lease_id\":\"" + id + "\"}}",
                (await Api.PostAsync($"/leases/{id}/revoke")).Is(200).Text);
        (await Api.PostAsync($"/leases/{id}/heartbeat")).IsError(404, "UNKNOWN_LEASE");
    }

    [Fact]
    public async Task Agents_are_registered_and_listed_and_keep_their_priority_while_they_hold_something()
    {
        Assert.Equal("{\"success\":true,\"data\":{\"agent_id\":\"known\",\"priority\":18446744073709551615}}",
            (await Api.RegisterAsync("known", ulong.MaxValue)).Is(201).Text);
        Assert.Contains("{\"agent_id\":\"known\",\"priority\":18446744073709551615}", (await Api.GetAsync("/agents")).Is(200).Text,
            StringComparison.Ordinal);
        (await Api.AcquireAsync("known", "/known")).Is(201);
        (await Api.RegisterAsync("known", 5)).IsError(409, "AGENT_BUSY");
    }

    [Fact]
    public async Task A_manifest_is_declared_flat_and_leaves_nothing_behind()
    {
        const string Manifest = "{\"agent_id\":\"declares\",\"session_id\":\"s\",\"intents\":["
            + "{\"predicate\":\"MUTATES\",\"resource_type\":\"FILE\",\"resource_path\":\"/declared\"}]";
        Assert.Equal(
            "{\"success\":true,\"agent_id\":\"declares\",\"session_id\":\"s\",\"status\":\"Granted\",\"reason\":null,\"held_by\":null,"
            + "\"conflicts\":[],\"retry_after_ms\":null}",
            (await Api.PostAsync("/intents", Manifest + "}")).Is(200).Text);
        await Api.RegisterAsync("other", 1);
        (await Api.AcquireAsync("other", "/declared")).Is(201);
        Reply refused = (await Api.PostAsync("/intents", Manifest + "}")).Is(200);
        Assert.StartsWith(
            "{\"success\":false,\"agent_id\":\"declares\",\"session_id\":\"s\",\"status\":\"Die\",\"reason\":\"", refused.Text,
                StringComparison.Ordinal);
        Assert.Equal("other", refused.Json.GetProperty("held_by").GetString());
        (await Api.PostAsync("/intents", Manifest + ",\"ttl\":null}")).Is(200);
        (await Api.PostAsync("/intents", Manifest + ",\"ttl\":60000,\"ttl\":null}")).Is(200);
        (await Api.PostAsync("/intents", Manifest + ",\"ttl\":60000}")).Is(409);
    }

    [Fact]
    public async Task A_manifest_with_a_ttl_gets_all_its_leases()
    {
        Reply all = (await Api.PostAsync(
            "/intents",
            "{\"\\u0074tl\":60000,\"agent_id\":\"all\",\"session_id\":\"s\",\"intents\":["
            + "{\"predicate\":\"RENAMES\",\"resource_type\":\"FILE\",\"resource_path\":\"/old\"},"
            + "{\"predicate\":\"PROVIDES\",\"resource_type\":\"FILE\",\"resource_path\":\"/new\"}]}")).Is(201);
        Assert.Equal(
            ["FILE:/old", "FILE:/new"], all.Data.GetProperty("leases").EnumerateArray().Select(lease =>
                lease.GetProperty("resource").GetString()));
    }

    [Theory]
    [InlineData("plain", "s")]
    [InlineData("a/b", "c/d/heartbeat")]
    [InlineData("a%2Fb", "100%")]
    [InlineData("with space+plus", "?#&=;")]
    [InlineData("Ünï", "日本")]
    public async Task A_session_is_renewed_and_ended_whatever_its_names_are(string agent, string session)
    {
        (await Api.AcquireAsync(agent, $"/{Uri.EscapeDataString(agent)}/1", session: session)).Is(201);
        (await Api.AcquireAsync(agent, $"/{Uri.EscapeDataString(agent)}/2", session: session)).Is(201);
        string path = $"/sessions/{Uri.EscapeDataString(agent)}/{Uri.EscapeDataString(session)}";
        Assert.Equal("{\"success\":true,\"data\":{\"renewed\":2}}", (await Api.PostAsync(path + "/heartbeat")).Is(200).Text);
        Assert.Equal("{\"success\":true,\"data\":{\"released\":2}}", (await Api.DeleteAsync(path)).Is(200).Text);
        Assert.Equal("{\"success\":true,\"data\":{\"released\":0}}", (await Api.DeleteAsync(path)).Is(200).Text);
    }

    [Fact]
    public async Task An_agent_may_even_be_called_dot_dot()
    {
        (await Api.AcquireAsync("..", "/dots", session: ".")).Is(201);
        Assert.EndsWith(
            "{\"success\":true,\"data\":{\"released\":1}}",
            await RawConnection.AskAsync(running.Server.Url, "DELETE", "/sessions/%2E%2E/%2e"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_says_ok_and_counts()
    {
        Reply health = (await Api.GetAsync("/health")).Is(200);
        Assert.Matches(
            "^{\"success\":true,\"data\":{\"status\":\"ok\",\"active_leases\":[0-9]+,.*\"version\":\"[0-9]+\\.[0-9]+\\.[0-9]+\"}}$",
                health.Text);
        Assert.Matches("^{\"success\":true,\"data\":{\"evicted\":[0-9]+}}$", (await Api.PostAsync("/evict")).Is(200).Text);
    }

    [Fact]
    public async Task A_HEAD_is_a_GET_without_a_body()
    {
        Reply head = (await Api.SendAsync("HEAD", "/health")).Is(200);
        Assert.Equal("", head.Text);
        Assert.True(int.Parse(head.Headers["Content-Length"]) > 50);
    }
}

/// <summary>On the memory store.</summary>
public sealed class MemoryLeaseRoutes(RunningServer running) : LeaseRoutes(running), IClassFixture<RunningServer>;

/// <summary>On an SQLite file.</summary>
public sealed class SqliteLeaseRoutes(RunningSqliteServer running) : LeaseRoutes(running), IClassFixture<RunningSqliteServer>;
