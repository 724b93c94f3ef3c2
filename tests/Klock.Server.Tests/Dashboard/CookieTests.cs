using System.Net.Sockets;
using Klock.Server.Tests.Mcp;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Dashboard;

/// <summary>What the cookie of a signed-in browser opens, and what another page cannot have the browser do with it (CSRF).</summary>
public sealed class CookieTests(KeyedServer running) : IClassFixture<KeyedServer>, IDisposable
{
    private readonly Browser _browser = new(running.Url) { Cookie = Browser.CookieOf(KeyedServer.Full) };

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task The_page_does_everything_that_its_key_may()
    {
        string lease = (await _browser.DoAsync("POST", "/leases", Api.Lease("a", "/cookie"))).Is(201).LeaseId;
        foreach (string path in (string[])["/leases", "/leases/" + lease, "/snapshot", "/waiters", "/agents", "/metrics", "/health"])
        {
            Reply shown = (await _browser.GetAsync(path)).Is(200);
            Assert.Equal(path == "/health" ? null : "no-store", shown.Headers.GetValueOrDefault("Cache-Control"));
        }

        (await _browser.DoAsync("POST", $"/leases/{lease}/revoke")).Is(200);
        (await _browser.DoAsync("POST", $"/leases/{lease}/revoke")).IsError(404, "UNKNOWN_LEASE");
    }

    [Fact]
    public async Task The_stream_of_events_takes_the_cookie_by_itself()
    {
        long head = (await _browser.GetAsync("/snapshot")).Data.GetProperty("sequence").GetInt64();
        using EventReader events = await EventReader.OpenAsync(
            _browser.Api, $"/events?after={head}&agent_id=streamed", _browser.With(("Sec-Fetch-Site", "same-origin")));
        (await _browser.DoAsync("POST", "/leases", Api.Lease("streamed", "/streamed"))).Is(201);
        Assert.Equal(["REGISTERED streamed", "GRANTED streamed"], await events.NextAsync(2));
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "POST", "/leases" }, { "POST", "/agents" }, { "POST", "/intents" }, { "POST", "/evict" }, { "PATCH", "/leases/x" },
        { "DELETE", "/leases/x" }, { "POST", "/leases/x/heartbeat" }, { "POST", "/leases/x/revoke" },
        { "POST", "/sessions/a/s/heartbeat" }, { "DELETE", "/sessions/a/s" }, { "POST", "/mcp" }, { "GET", "/mcp" }, { "DELETE", "/mcp" },
        { "GET", "/MCP/" }, { "OPTIONS", "/leases" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_changes_something_needs_the_header(string method, string path)
    {
        string? body = method is "POST" or "PATCH" ? "{}" : null;
        Reply without = await _browser.SendAsync(method, path, body);
        without.IsError(403, "FORBIDDEN");
        Assert.Contains("Klock-Dashboard", without.Text, StringComparison.Ordinal);
        (await _browser.SendAsync(method, path, body, ("Klock-Dashboard", "true"))).IsError(403, "FORBIDDEN");
        Assert.NotEqual("FORBIDDEN", CodeOf(await _browser.SendAsync(method, path, body, ("Klock-Dashboard", "1"))));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "https://good.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:3100")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "")]
    public async Task Another_page_gets_nothing_with_it(string name, string value)
    {
        (await _browser.SendAsync("POST", "/evict", "{}", ("Klock-Dashboard", "1"), (name, value))).IsError(403, "FORBIDDEN");
        foreach (string path in (string[])["/snapshot", "/events", "/leases", "/metrics", "/mcp"])
        {
            (await _browser.GetAsync(path, ("Klock-Dashboard", "1"), (name, value))).IsError(403, "FORBIDDEN");
        }

        Assert.False((await _browser.GetAsync("/session", (name, value))).Data.GetProperty("signed_in").GetBoolean());
    }

    [Fact]
    public async Task A_named_page_may_not_send_it_and_needs_a_key_of_its_own()
    {
        Reply preflight = await _browser.Api.SendAsync(
            "OPTIONS", "/evict", null, ("Origin", "https://good.example"), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "klock-dashboard"));
        Assert.DoesNotContain(
            "klock-dashboard", preflight.Headers.GetValueOrDefault("Access-Control-Allow-Headers", ""), StringComparison.OrdinalIgnoreCase);
        Assert.False(preflight.Headers.ContainsKey("Access-Control-Allow-Credentials"));
        Reply answer = (await _browser.Api.GetAsync(
            "/leases", ("Origin", "https://good.example"), ("Authorization", "Bearer " + KeyedServer.Reader))).Is(200);
        Assert.Equal("https://good.example", answer.Headers["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task A_browser_that_says_that_the_page_is_its_own_is_believed_whatever_a_proxy_made_of_the_Host()
    {
        (await _browser.SendAsync(
            "POST", "/evict", "{}", ("Klock-Dashboard", "1"), ("Sec-Fetch-Site", "same-origin"), ("Origin", "https://klock.example"),
            ("Host", "upstream:3100"))).Is(200);
        (await _browser.SendAsync(
            "POST", "/evict", "{}", ("Klock-Dashboard", "1"), ("Origin", "https://klock.example"), ("Host", "klock.example"))).Is(200);
    }

    [Theory]
    [InlineData("klock_key=")]
    [InlineData("klock_key=%%%")]
    [InlineData("klock_key=d3Jvbmc")]
    [InlineData("klock_key=full-key")]
    [InlineData("other=x")]
    public async Task A_cookie_that_is_not_known_is_as_if_there_were_none(string cookie)
    {
        _browser.Cookie = cookie;
        (await _browser.GetAsync("/leases")).IsError(401, "UNAUTHORIZED");
        (await _browser.DoAsync("POST", "/evict")).IsError(401, "UNAUTHORIZED");
        (await _browser.SendAsync("POST", "/mcp", "{}")).IsError(401, "UNAUTHORIZED");
        (await _browser.GetAsync("/health")).Is(200);
        Assert.False((await _browser.GetAsync("/session")).Data.GetProperty("signed_in").GetBoolean());
        (await _browser.DoAsync("DELETE", "/session")).Is(200);
    }

    [Fact]
    public async Task A_read_only_key_shows_everything_but_lease_ids_and_revokes_nothing()
    {
        string lease = (await _browser.DoAsync("POST", "/leases", Api.Lease("r", "/reader"))).Is(201).LeaseId;
        _browser.Cookie = Browser.CookieOf(KeyedServer.Reader);
        Reply shown = (await _browser.GetAsync("/snapshot?agent_id=r")).Is(200);
        Assert.DoesNotContain(lease, shown.Text, StringComparison.Ordinal);
        Assert.Equal("FILE:/reader", shown.Data.GetProperty("leases")[0].GetProperty("resource").GetString());
        (await _browser.DoAsync("POST", $"/leases/{lease}/revoke")).IsError(403, "FORBIDDEN");
        (await _browser.GetAsync("/events", ("Accept", "application/json"))).Is(200);
        _browser.Cookie = null;
        Reply bearer = await _browser.GetAsync("/snapshot", ("Authorization", "Bearer " + KeyedServer.Reader));
        Assert.DoesNotContain(lease, bearer.Is(200).Text, StringComparison.Ordinal);
        Assert.Contains(
            lease, (await _browser.GetAsync("/snapshot", ("Authorization", "Bearer " + KeyedServer.Full))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_confined_key_shows_its_namespaces_alone()
    {
        string inShop = Api.Lease("c", "/confined")[..^1] + ",\"namespace\":\"shop\"}";
        (await _browser.DoAsync("POST", "/leases", inShop)).Is(201);
        (await _browser.DoAsync("POST", "/leases", Api.Lease("d", "/confined"))).Is(201);
        _browser.Cookie = Browser.CookieOf(KeyedServer.Shop);
        Reply shown = (await _browser.GetAsync("/snapshot")).Is(200);
        Assert.Equal(["c"], shown.Data.GetProperty("leases").EnumerateArray().Select(lease => lease.GetProperty("agent_id").GetString()));
        Assert.Equal(["c"], shown.Data.GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("agent_id").GetString()));
        Assert.True(shown.Data.GetProperty("leases")[0].TryGetProperty("id", out _));
        (await _browser.GetAsync("/snapshot?namespace=other")).IsError(403, "FORBIDDEN");
        (await _browser.DoAsync("POST", "/leases", Api.Lease("c", "/elsewhere"))).IsError(403, "FORBIDDEN");
        (await _browser.GetAsync("/metrics")).IsError(403, "FORBIDDEN");
        _browser.Cookie = Browser.CookieOf(KeyedServer.ShopReader);
        shown = (await _browser.GetAsync("/snapshot")).Is(200);
        Assert.False(shown.Data.GetProperty("leases")[0].TryGetProperty("id", out _));
    }

    [Fact]
    public async Task MCP_takes_the_cookie_with_the_header_alone()
    {
        McpClient client = await McpClient.ConnectAsync(_browser.Api, headers: _browser.With(("Klock-Dashboard", "1")));
        Assert.NotNull(client.Session);
        (await client.SendAsync("tools/list", [], _browser.With())).IsError(403, "FORBIDDEN");
    }

    [Fact]
    public async Task The_socket_takes_it_by_the_same_rules()
    {
        using var api = new Api(new Uri("http://klock"), handler: new SocketsHttpHandler
        {
            UseCookies = false,
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(running.SocketPath), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        (await api.GetAsync("/snapshot")).IsError(401, "UNAUTHORIZED");
        (await api.GetAsync("/snapshot", _browser.With())).Is(200);
        (await api.SendAsync("POST", "/evict", "{}", _browser.With())).IsError(403, "FORBIDDEN");
        (await api.SendAsync("POST", "/evict", "{}", _browser.With(("Klock-Dashboard", "1")))).Is(200);
        (await api.GetAsync("/")).Is(200);
    }

    private static string? CodeOf(Reply reply) =>
        reply.Headers.GetValueOrDefault("Content-Type") == "application/json" ? reply.Code : null;
}
