using System.Buffers.Text;
using System.Text;

namespace Klock.Server.Tests.Support;

/// <summary>Asks a server as a page in a browser does: with the cookie that it was given, and what browsers say of it.</summary>
internal sealed class Browser(Uri url) : IDisposable
{
    private readonly Api _api = new(url, handler: new SocketsHttpHandler { UseCookies = false });

    /// <summary>The cookie, as a browser sends it; null when there is none.</summary>
    public string? Cookie { get; set; }

    /// <summary>The server, without the cookie.</summary>
    public Api Api => _api;

    /// <summary>The cookie that keeps a key.</summary>
    public static string CookieOf(string key) => "klock_key=" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>Signs in and keeps the cookie.</summary>
    public async Task<Reply> SignInAsync(string key)
    {
        Reply reply = await PostSessionAsync($"{{\"key\":\"{key}\"}}", ("Origin", url.GetLeftPart(UriPartial.Authority)));
        Cookie = reply.Headers.TryGetValue("Set-Cookie", out string? set) ? set.Split(';')[0] : Cookie;
        return reply;
    }

    /// <summary>Sends what would sign in, and keeps nothing.</summary>
    public Task<Reply> PostSessionAsync(string body, params (string Name, string Value)[] headers) =>
        _api.SendAsync("POST", "/session", body, headers);

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    /// <summary>Sends a request with the cookie, and these headers alone.</summary>
    public Task<Reply> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        _api.SendAsync(method, path, body, With(headers));

    /// <summary>Sends a request as the page does.</summary>
    public Task<Reply> DoAsync(string method, string path, string? body = null) => SendAsync(
        method, path, body, ("Klock-Dashboard", "1"), ("Sec-Fetch-Site", "same-origin"),
        ("Origin", url.GetLeftPart(UriPartial.Authority)));

    /// <summary>These headers, and the cookie.</summary>
    public (string Name, string Value)[] With(params (string Name, string Value)[] headers) =>
        Cookie is null ? headers : [.. headers, ("Cookie", Cookie)];

    public void Dispose() => _api.Dispose();
}
