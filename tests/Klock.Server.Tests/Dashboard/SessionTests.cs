using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Dashboard;

/// <summary>Signing in with a browser, and out again; what the page is told of it.</summary>
public sealed class SessionTests(KeyedServer running) : IClassFixture<KeyedServer>, IDisposable
{
    private const string Nobody =
        "{\"needs_key\":true,\"signed_in\":false,\"access\":null,\"namespaces\":null,\"version\":\"VERSION\"}";

    private readonly Browser _browser = new(running.Url);

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Who_has_no_key_is_told_that_one_is_needed()
    {
        Reply reply = (await _browser.GetAsync("/session")).Is(200);
        Assert.Equal(Nobody, WithoutVersion(reply));
        Assert.Equal("no-store", reply.Headers["Cache-Control"]);
        Assert.False(reply.Headers.ContainsKey("Set-Cookie"));
        Assert.Equal("", (await _browser.SendAsync("HEAD", "/session", null)).Is(200).Text);
    }

    [Theory]
    [InlineData(KeyedServer.Full, "\"full\"", "null")]
    [InlineData(KeyedServer.Reader, "\"read-only\"", "null")]
    [InlineData(KeyedServer.Shop, "\"full\"", "[\"shop\",\"b\"]")]
    [InlineData(KeyedServer.ShopReader, "\"read-only\"", "[\"shop\"]")]
    public async Task A_key_signs_in_and_the_page_is_told_what_it_may_do(string key, string access, string namespaces)
    {
        string told = $"{{\"needs_key\":true,\"signed_in\":true,\"access\":{access},\"namespaces\":{namespaces},\"version\":\"VERSION\"}}";
        Reply reply = (await _browser.SignInAsync(KeyedServer.InJson(key))).Is(200);
        Assert.Equal(told, WithoutVersion(reply));
        string set = reply.Headers["Set-Cookie"];
        Assert.Equal(
            [Browser.CookieOf(key), "samesite=strict", "httponly"], set.Split("; "));
        Assert.Equal(told, WithoutVersion((await _browser.GetAsync("/session")).Is(200)));
        (await _browser.GetAsync("/leases")).Is(200);
    }

    [Fact]
    public async Task A_bearer_key_is_signed_in_too_and_wins_over_the_cookie()
    {
        _browser.Cookie = Browser.CookieOf(KeyedServer.Full);
        (string, string) reader = ("Authorization", "Bearer " + KeyedServer.Reader), wrong = ("Authorization", "Bearer wrong");
        Assert.Equal("read-only", (await _browser.GetAsync("/session", reader)).Data.GetProperty("access").GetString());
        Assert.Equal(Nobody, WithoutVersion(await _browser.GetAsync("/session", wrong)));
        (await _browser.SendAsync("POST", "/evict", null, reader, ("Klock-Dashboard", "1"))).IsError(403, "FORBIDDEN");
        (await _browser.GetAsync("/leases", wrong)).IsError(401, "UNAUTHORIZED");
        (await _browser.GetAsync("/leases", ("Authorization", "Bearer " + KeyedServer.Full + ", x"))).IsError(401, "UNAUTHORIZED");
        (await _browser.GetAsync("/leases", ("Authorization", "Basic dTpw"))).Is(200);
        _browser.Cookie = Browser.CookieOf("wrong");
        (await _browser.SendAsync("POST", "/evict", null, ("Authorization", "Bearer " + KeyedServer.Full))).Is(200);
    }

    [Theory]
    [InlineData("{\"key\":\"wrong\"}", 401, "UNAUTHORIZED")]
    [InlineData("{\"key\":\"reader-key \\u0000\"}", 401, "UNAUTHORIZED")]
    [InlineData("{\"key\":\"\"}", 400, "INVALID_REQUEST")]
    [InlineData("{\"key\":7}", 400, "INVALID_REQUEST")]
    [InlineData("{\"key\":\"\\ud800\"}", 400, "INVALID_REQUEST")]
    [InlineData("{}", 400, "INVALID_REQUEST")]
    [InlineData("[]", 400, "INVALID_REQUEST")]
    [InlineData("reader-key", 400, "INVALID_REQUEST")]
    public async Task What_is_no_key_sets_no_cookie_and_is_not_shown(string body, int status, string code)
    {
        Reply reply = await _browser.PostSessionAsync(body);
        reply.IsError(status, code);
        Assert.False(reply.Headers.ContainsKey("Set-Cookie"));
        Assert.DoesNotContain("wrong", reply.Text, StringComparison.Ordinal);
        Assert.StartsWith("key is ", reply.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_long_or_no_JSON_is_refused()
    {
        (await _browser.PostSessionAsync($"{{\"key\":\"{new string('x', 257)}\"}}")).IsError(400, "INVALID_REQUEST");
        (await _browser.PostSessionAsync($"{{\"key\":\"{new string('x', 1024 * 1024)}\"}}")).IsError(413, "PAYLOAD_TOO_LARGE");
        using var form = new HttpRequestMessage(HttpMethod.Post, "/session") { Content = new StringContent("key=" + KeyedServer.Reader) };
        (await _browser.Api.SendAsync(form)).IsError(415, "INVALID_REQUEST");
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "https://good.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Another_page_signs_nobody_in_or_out(string name, string value)
    {
        Reply reply = await _browser.PostSessionAsync($"{{\"key\":\"{KeyedServer.Reader}\"}}", (name, value));
        reply.IsError(403, "FORBIDDEN");
        Assert.False(reply.Headers.ContainsKey("Set-Cookie"));
        reply = await _browser.SendAsync("DELETE", "/session", null, (name, value));
        reply.IsError(403, "FORBIDDEN");
        Assert.False(reply.Headers.ContainsKey("Set-Cookie"));
    }

    [Theory]
    [InlineData("https")]
    [InlineData("HTTPS, http")]
    public async Task Behind_a_proxy_that_ends_TLS_the_cookie_is_for_TLS_alone(string scheme)
    {
        Reply reply = await _browser.PostSessionAsync(
            $"{{\"key\":\"{KeyedServer.Reader}\"}}", ("X-Forwarded-Proto", scheme), ("Host", "klock.example"),
            ("Origin", "https://klock.example"));
        Assert.Contains("secure", reply.Is(200).Headers["Set-Cookie"].Split("; "));
        reply = await _browser.PostSessionAsync($"{{\"key\":\"{KeyedServer.Reader}\"}}", ("X-Forwarded-Proto", "http"));
        Assert.DoesNotContain("secure", reply.Is(200).Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Signing_out_has_the_browser_forget_the_key()
    {
        (await _browser.SignInAsync(KeyedServer.Reader)).Is(200);
        Reply reply = (await _browser.DoAsync("DELETE", "/session")).Is(200);
        Assert.Equal(Nobody, WithoutVersion(reply));
        Assert.Matches("^klock_key=; expires=Thu, 01 Jan 1970 00:00:00 GMT; samesite=strict; httponly$", reply.Headers["Set-Cookie"]);
        (await _browser.SendAsync("PUT", "/session", null, ("Authorization", "Bearer " + KeyedServer.Reader))).Is(405);
    }

    [Fact]
    public async Task No_key_that_was_typed_is_in_the_log()
    {
        (await _browser.SignInAsync(KeyedServer.Shop)).Is(200);
        (await _browser.SignInAsync("typed-wrong")).Is(401);
        (await _browser.GetAsync("/snapshot")).Is(200);
        await running.Server.UntilLoggedAsync("Snapshot done");
        foreach (string secret in (string[])[KeyedServer.Shop, "typed-wrong", Browser.CookieOf(KeyedServer.Shop)])
        {
            Assert.DoesNotContain(secret, running.Server.Errors + string.Concat(running.Server.Lines), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_keys_everybody_is_signed_in()
    {
        await using ServerProcess server = await ServerProcess.StartAsync();
        using var browser = new Browser(server.Url);
        const string Everybody =
            "{\"needs_key\":false,\"signed_in\":true,\"access\":\"full\",\"namespaces\":null,\"version\":\"VERSION\"}";
        Assert.Equal(Everybody, WithoutVersion((await browser.GetAsync("/session")).Is(200)));
        Reply reply = (await browser.SignInAsync("any")).Is(200);
        Assert.Equal(Everybody, WithoutVersion(reply));
        Assert.False(reply.Headers.ContainsKey("Set-Cookie"));
        Assert.Equal(Everybody, WithoutVersion((await browser.DoAsync("DELETE", "/session")).Is(200)));
        foreach (string path in (string[])["/session", "/", "/assets/x", "/snapshot"])
        {
            (await browser.GetAsync(path, ("Host", "evil.example"))).IsError(403, "FORBIDDEN");
        }

        (await browser.PostSessionAsync("{\"key\":\"any\"}", ("Origin", "https://evil.example"))).IsError(403, "FORBIDDEN");
    }

    private static string WithoutVersion(Reply reply) => reply.Data.GetRawText().Replace(
        reply.Data.GetProperty("version").GetString()!, "VERSION", StringComparison.Ordinal);
}
