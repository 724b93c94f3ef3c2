using System.Net.Http.Headers;
using System.Text;

namespace Klock.Server.Tests.Support;

/// <summary>Asks a server over HTTP.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _http;

    public Api(Uri url, string? key = null, HttpMessageHandler? handler = null)
    {
        _http = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<Reply> PostAsync(string path, string json = "{}") => SendAsync("POST", path, json);

    public Task<Reply> DeleteAsync(string path) => SendAsync("DELETE", path);

    /// <summary>Asks for FILE MUTATES.</summary>
    public Task<Reply> AcquireAsync(string agent, string path, long waitMs = 0, string session = "s", long ttl = 60_000) =>
        PostAsync("/leases", Lease(agent, path, waitMs, session, ttl));

    public Task<Reply> RegisterAsync(string agent, ulong priority) =>
        PostAsync("/agents", $"{{\"agent_id\":\"{agent}\",\"priority\":{priority}}}");

    public async Task<long> WaitersAsync() => (await GetAsync("/health")).Data.GetProperty("waiters").GetInt64();

    /// <summary>Waits until the metrics have a line.</summary>
    public async Task UntilMetricAsync(string line)
    {
        for (int i = 0; !(await GetAsync("/metrics")).Text.Split('\n').Contains(line); i++)
        {
            Assert.True(i < 400, $"the metrics never say {line}");
            await Task.Delay(25);
        }
    }

    /// <summary>Waits until so many requests wait.</summary>
    public async Task UntilWaitersAsync(long count)
    {
        for (int i = 0; await WaitersAsync() != count; i++)
        {
            Assert.True(i < 400, $"{await WaitersAsync()} wait, not {count}");
            await Task.Delay(10);
        }
    }

    public static string Lease(string agent, string path, long waitMs = 0, string session = "s", long ttl = 60_000) =>
        $"{{\"agent_id\":\"{agent}\",\"session_id\":\"{session}\",\"resource_type\":\"FILE\",\"resource_path\":\"{path}\","
        + $"\"predicate\":\"MUTATES\",\"ttl\":{ttl},\"wait_ms\":{waitMs}}}";

    public async Task<Reply> SendAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await SendAsync(request, headers);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Reply((int)response.StatusCode, text, response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Opens an answer that goes on, such as a stream of events.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
