using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Dashboard;

/// <summary>The page is in the program that is shipped, and a browser is told to confine it.</summary>
public sealed partial class PageTests(KeyedServer running) : IClassFixture<KeyedServer>, IDisposable
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = running.Url };

    // What ./build.sh makes before it makes the program.
    private static string Folder => Repo.At("artifacts", "dashboard");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_program_serves_the_page_that_was_built_and_all_that_it_refers_to_without_a_key()
    {
        Assert.True(File.Exists(Path.Combine(Folder, "index.html")), "there is no artifacts/dashboard: ./build.sh makes it");
        using HttpResponseMessage page = await AskAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder, "index.html")), await page.Content.ReadAsByteArrayAsync(Cancel));
        string[] names = [.. Directory.EnumerateFiles(Path.Combine(Folder, "assets")).Select(file => Path.GetFileName(file))];
        Assert.NotEmpty(names);
        foreach (string name in names)
        {
            using HttpResponseMessage asset = await AskAsync("/assets/" + name);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder, "assets", name)), await asset.Content.ReadAsByteArrayAsync(Cancel));
            Assert.Equal("public, max-age=31536000, immutable", asset.Headers.CacheControl!.ToString());
            Assert.DoesNotContain("octet-stream", asset.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        }

        string html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.All(References().Matches(html), found => Assert.Contains(found.Groups["name"].Value, names));
        Assert.NotEmpty(References().Matches(html));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("identity", null)]
    [InlineData("deflate", null)]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity, gzip;q=0.5", null)]
    [InlineData("gzip;q=x", null)]
    public async Task It_comes_in_the_encoding_that_the_client_likes_best(string? accepted, string? encoding)
    {
        using HttpResponseMessage page = await AskAsync("/", "GET", ("Accept-Encoding", accepted));
        Assert.Equal(encoding is null ? [] : [encoding], page.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], page.Headers.Vary);
        byte[] bytes = await page.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(bytes.Length, page.Content.Headers.ContentLength);
        await using Stream plain = encoding switch
        {
            "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            _ => new MemoryStream(bytes),
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, "index.html")), await reader.ReadToEndAsync(Cancel));
        using HttpResponseMessage head = await AskAsync("/", "HEAD", ("Accept-Encoding", accepted));
        Assert.Equal(bytes.Length, head.Content.Headers.ContentLength);
        Assert.Equal(page.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task What_the_browser_has_is_not_sent_again()
    {
        using HttpResponseMessage page = await AskAsync("/");
        string tag = page.Headers.ETag!.ToString();
        foreach (string held in (string[])[tag, "W/" + tag, "\"x\", " + tag, "*"])
        {
            using HttpResponseMessage same = await AskAsync("/", "GET", ("If-None-Match", held));
            Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
            Assert.Empty(await same.Content.ReadAsByteArrayAsync(Cancel));
            Assert.Equal(tag, same.Headers.ETag!.ToString());
            Assert.Equal("no-cache", same.Headers.CacheControl!.ToString());
            IsConfined(same);
        }

        foreach ((string name, string value) in ((string, string)[])[("If-None-Match", "\"x\""), ("If-None-Match", "x")])
        {
            using HttpResponseMessage other = await AskAsync("/", "GET", (name, value));
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        using HttpResponseMessage compressed = await AskAsync("/", "GET", ("If-None-Match", tag), ("Accept-Encoding", "br"));
        Assert.Equal(HttpStatusCode.OK, compressed.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?x=1")]
    [InlineData("/session")]
    public async Task A_browser_confines_it(string path)
    {
        using HttpResponseMessage page = await AskAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        IsConfined(page);
    }

    [Theory]
    [InlineData("/assets/nothing.js", 404)]
    [InlineData("/assets/..%2Findex.html", 404)]
    [InlineData("/assets/../index.html", 404)]
    [InlineData("/assets/", 404)]
    [InlineData("/index.html", 401)]
    [InlineData("/assets/x/y", 404)]
    public async Task Nothing_else_is_served_with_it(string path, int status)
    {
        string answer = await RawConnection.AskAsync(running.Url, "GET", path, "");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/x.js")]
    public async Task It_can_only_be_read(string path)
    {
        using HttpResponseMessage answer = await AskAsync(path, "POST");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    private static void IsConfined(HttpResponseMessage answer)
    {
        Assert.Equal([Policy], answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Cross-Origin-Opener-Policy"));
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string method = "GET", params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach ((string name, string? value) in headers)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _http.SendAsync(request, Cancel);
    }

    [GeneratedRegex("(?:src|href)=\"[./]*assets/(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex References();
}
