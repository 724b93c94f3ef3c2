using System.Net.Http.Headers;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>Maps operations to HTTP requests (SPEC section 7).</summary>
internal static class HttpRoutes
{
    private static readonly string[] _filters = ["agent_id", "session_id", "resource", "namespace", "after", "limit", "agents"];

    /// <summary>The HTTP request, and how long it asks to wait.</summary>
    public static HttpRequestMessage ToMessage(Operation operation, ReadOnlyMemory<byte> request, out TimeSpan wait)
    {
        JsonElement fields = JsonDocument.Parse(request).RootElement;
        wait = TimeSpan.FromMilliseconds(fields.TryGetProperty("wait_ms", out JsonElement ms) ? ms.GetInt64() : 0);
        return operation switch
        {
            Operation.RegisterAgent => Post("agents", request),
            Operation.Acquire => Post("leases", request),
            Operation.AcquireAll or Operation.DeclareIntents => Post("intents", request),
            Operation.Heartbeat => Post(
                $"leases/{Part(fields, "lease_id")}/heartbeat",
                fields.TryGetProperty("ttl", out JsonElement ttl) ? Request.Of(("ttl", ttl.GetInt64())) : default),
            // .NET resends a request without a body when its connection breaks. Of a release nobody could know then whether it was carried
            // out the first time.
            Operation.Release => new HttpRequestMessage(HttpMethod.Delete, $"leases/{Part(fields, "lease_id")}")
            {
                Content = new ReadOnlyMemoryContent(default),
            },
            Operation.Revoke => Post($"leases/{Part(fields, "lease_id")}/revoke"),
            Operation.RenewSession => Post($"sessions/{Part(fields, "agent_id")}/{Part(fields, "session_id")}/heartbeat"),
            Operation.EndSession =>
                new HttpRequestMessage(HttpMethod.Delete, $"sessions/{Part(fields, "agent_id")}/{Part(fields, "session_id")}"),
            Operation.GetLease => new HttpRequestMessage(HttpMethod.Get, $"leases/{Part(fields, "lease_id")}"),
            Operation.ListLeases => Get("leases", fields),
            Operation.ListWaiters => Get("waiters", fields),
            Operation.ListAgents => Get("agents", fields),
            Operation.Snapshot => Get("snapshot", fields),
            Operation.Events => Get("events", fields),
            Operation.Health => Get("health", fields),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "no verb asks for this over HTTP"),
        };
    }

    private static HttpRequestMessage Get(string path, JsonElement fields)
    {
        IEnumerable<string> query = from name in _filters
            where fields.TryGetProperty(name, out _)
            select $"{name}={Uri.EscapeDataString(fields.GetProperty(name).ToString())}";
        string text = string.Join('&', query);
        return new HttpRequestMessage(HttpMethod.Get, text.Length == 0 ? path : $"{path}?{text}");
    }

    private static HttpRequestMessage Post(string path, ReadOnlyMemory<byte> body = default)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    // A name that consists of dots would be a relative part of the path (RFC 3986, section 5.2.4), escaped or not.
    private static string Part(JsonElement fields, string name)
    {
        string text = fields.GetProperty(name).GetString()!;
        return text is "." or ".."
            ? throw CliFailure.Usage($"'{text}' cannot be named in a URL: a server does not take it.")
            : Uri.EscapeDataString(text);
    }
}
