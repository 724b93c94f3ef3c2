using System.Net.Http.Headers;
using System.Text;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Routes;

/// <summary>Whatever comes in, an answer goes out that says what was wrong, and the next request is served.</summary>
public sealed class BadInputTests(RunningServer running) : IClassFixture<RunningServer>
{
    private static readonly string[] BodyRoutes = ["POST /agents", "POST /leases", "POST /intents",
        "PATCH /leases/00000000000000000000000000000000"];

    private Api Api => running.Api;

    private Uri Url => running.Server.Url;

    public static TheoryData<string, string> Garbage()
    {
        string[] bodies =
        [
            "", "{", "}", "[]", "null", "\"text\"", "12", "{\"a\":1}{\"b\":2}", "{\"agent_id\":\"}", "{]", "not json", "{}x", "\u0000",
                "{\"agent_id\":1}",
            new string('[', 100), "{\"agent_id\":\"a\",}", "{\"agent_id\":\"\ud83d\"}", "{,}",
        ];
        return [.. from route in BodyRoutes from body in bodies select (route, body)];
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_is_an_invalid_request(string route, string body)
    {
        string[] parts = route.Split(' ');
        (await Api.SendAsync(parts[0], parts[1], body)).IsError(400, "INVALID_REQUEST");
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/nothing")]
    [InlineData("GET", "/leases/a/b/c")]
    [InlineData("DELETE", "/sessions/only-agent")]
    public async Task A_path_that_is_none_is_404(string method, string path) => (await Api.SendAsync(method, path)).IsError(404,
        "INVALID_REQUEST");

    [Theory]
    [InlineData("PUT", "/leases", "GET, HEAD, POST")]
    [InlineData("DELETE", "/agents", "GET, HEAD, POST")]
    [InlineData("GET", "/evict", "POST")]
    [InlineData("POST", "/health", "GET, HEAD")]
    [InlineData("PATCH", "/sessions/a/s", "DELETE")]
    [InlineData("POST", "/events", "GET")]
    [InlineData("BREW", "/leases", "GET, HEAD, POST")]
    public async Task A_method_that_a_path_does_not_take_is_405(string method, string path, string allowed)
    {
        Reply reply = await Api.SendAsync(method, path);
        reply.IsError(405, "INVALID_REQUEST");
        Assert.Equal(allowed.Split(", "), reply.Headers["Allow"].Split(", ").Order());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonx")]
    public async Task A_body_that_is_not_JSON_by_its_type_is_415(string type)
    {
        foreach (string route in BodyRoutes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(route.Split(' ')[0]), route.Split(' ')[1]);
            request.Content = new StringContent("{}", Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            (await Api.SendAsync(request)).IsError(415, "INVALID_REQUEST");
        }
    }

    [Theory]
    [InlineData("Content-Type: application/json; charset=utf-8\r\n")]
    [InlineData("Content-Type: Application/JSON\r\n")]
    [InlineData("Content-Type: application/merge-patch+json\r\n")]
    [InlineData("")]
    public async Task JSON_may_be_called_so_in_several_ways_or_not_at_all(string header) => Assert.StartsWith(
        "HTTP/1.1 201",
        await RawConnection.AskAsync(Url, "POST", "/agents", header, "{\"agent_id\":\"typed\",\"priority\":1}"), StringComparison.Ordinal);

    [Fact]
    public async Task A_request_may_have_a_mebibyte_and_no_more()
    {
        string padding = new(' ', (1024 * 1024) - 2);
        Assert.DoesNotContain("1048576", (await Api.PostAsync("/agents", "{" + padding + "}")).Is(400).Text, StringComparison.Ordinal);
        (await Api.PostAsync("/agents", "{" + padding + " }")).IsError(413, "PAYLOAD_TOO_LARGE");
        (await Api.PostAsync("/agents", "{" + string.Concat(Enumerable.Repeat(padding, 5)) + "}")).IsError(413, "PAYLOAD_TOO_LARGE");
        Assert.StartsWith(
            "HTTP/1.1 413",
            await RawConnection.AskAsync(Url, "POST", "/agents", "Content-Length: 100000000\r\n", length: false), StringComparison.Ordinal);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/agents") { Content = new StringContent("{" + padding + " }",
            Encoding.UTF8, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        (await Api.SendAsync(chunked)).IsError(413, "PAYLOAD_TOO_LARGE");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Expect: 100-continue\r\n")]
    public async Task A_body_that_is_announced_too_large_is_refused_before_it_is_sent(string header)
    {
        using RawConnection connection = await RawConnection.OpenAsync(Url);
        await connection.SendAsync(
            $"POST /leases HTTP/1.1\r\nHost: {Url.Authority}\r\n{header}Content-Length: {(1024 * 1024) + 1}\r\n\r\n");
        string answer = await connection.ReadUntilAsync("\"}", TimeSpan.FromSeconds(20));
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("PAYLOAD_TOO_LARGE", answer, StringComparison.Ordinal);

        // Its connection was not cut: nobody has waited for the body yet.
        await connection.SendAsync("{");
    }

    [Fact]
    public async Task A_request_target_in_absolute_form_is_decoded_once()
    {
        const string Agent = "100%2525";
        (await Api.PostAsync("/leases", Api.Lease("100%25", "/absolute"))).Is(201);
        string released = await RawConnection.AskAsync(Url, "DELETE", $"http://{Url.Authority}/sessions/{Agent}/s?x=/");
        Assert.StartsWith("HTTP/1.1 200", released, StringComparison.Ordinal);
        Assert.Contains("\"released\":1", released, StringComparison.Ordinal);
        foreach ((string target, int status) in ((string, int)[])[("", 200), ("/", 200), ("?x=/health", 200), ("/nothing", 404)])
        {
            string answer = await RawConnection.AskAsync(Url, "GET", $"http://{Url.Authority}{target}");
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            Assert.Equal(status == 200, answer.Contains("text/html", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/leases?agent_id=a&agent_id=b")]
    [InlineData("/leases?resource=x")]
    [InlineData("/leases?resource=FILE:..")]
    [InlineData("/leases?agent_id=")]
    [InlineData("/events?after=x")]
    [InlineData("/events?after=-1")]
    [InlineData("/events?resource=FILE:a*b")]
    public async Task A_wrong_query_is_an_invalid_request(string path) => (await Api.GetAsync(path)).IsError(400, "INVALID_REQUEST");

    [Fact]
    public async Task A_body_that_ends_early_is_told_so_or_dropped_and_costs_nothing()
    {
        using (RawConnection connection = await RawConnection.OpenAsync(Url))
        {
            await connection.SendAsync("POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"agent_id\"");
        }

        (await Api.GetAsync("/health")).Is(200);
        Assert.DoesNotContain("defect", running.Server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", "400")]
    [InlineData("GET / HTTP/9.9\r\n\r\n", "505")]
    [InlineData("GET /health HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400")]
    [InlineData("POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", "400")]
    [InlineData("POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("POST /leases HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001", "400")]
    public async Task What_is_not_HTTP_is_closed_with_its_status(string bytes, string status)
    {
        using RawConnection connection = await RawConnection.OpenAsync(Url);
        await connection.SendAsync(bytes);
        Assert.StartsWith("HTTP/1.1 " + status, await connection.ReadToEndAsync(TimeSpan.FromSeconds(5)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_and_request_lines_have_a_limit()
    {
        Assert.StartsWith("HTTP/1.1 431", await RawConnection.AskAsync(Url, "GET", "/health", $"X: {new string('x', 20_000)}\r\n"),
            StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414", await RawConnection.AskAsync(Url, "GET", "/" + new string('x', 20_000)),
            StringComparison.Ordinal);
        string longest = string.Concat(Enumerable.Repeat("%C3%A4", 2_048));
        Assert.StartsWith("HTTP/1.1 200", await RawConnection.AskAsync(Url, "GET", "/leases?resource=FILE:" + longest),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_dawdles_is_cut_off()
    {
        using RawConnection headers = await RawConnection.OpenAsync(Url);
        await headers.SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow");
        using RawConnection body = await RawConnection.OpenAsync(Url);
        await body.SendAsync("POST /leases HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{");
        Task<string> slowHeaders = headers.ReadToEndAsync(TimeSpan.FromSeconds(25));
        string slowBody = await body.ReadToEndAsync(TimeSpan.FromSeconds(25));
        Assert.StartsWith("HTTP/1.1 408", slowBody, StringComparison.Ordinal);
        Assert.EndsWith(".\"}", slowBody, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 408", await slowHeaders, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Field_limits_hold_over_HTTP_and_an_oversized_value_is_not_echoed()
    {
        Reply reply = await Api.AcquireAsync(new string('x', 257), "/limits");
        reply.IsError(400, "INVALID_REQUEST");
        Assert.DoesNotContain("xxxx", reply.Text, StringComparison.Ordinal);
        (await Api.PostAsync("/leases", Api.Lease("a", "/limits", waitMs: 3_600_001))).IsError(400, "INVALID_REQUEST");
        (await Api.PostAsync("/leases", Api.Lease("a", "/limits", ttl: 0))).IsError(400, "INVALID_REQUEST");
        (await Api.GetAsync("/leases/" + new string('x', 300))).IsError(400, "INVALID_REQUEST");
    }
}
