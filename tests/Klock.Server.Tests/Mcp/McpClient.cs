using System.Text.Json;
using System.Text.Json.Nodes;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Mcp;

/// <summary>A client of <c>/mcp</c>, which sends what it is told to.</summary>
internal sealed class McpClient(Api api)
{
    private const string Old = "2025-06-18";
    private const string New = "2026-07-28";

    private int _requests;

    /// <summary>The session, once it has one.</summary>
    public string? Session { get; private set; }

    /// <summary>Begins a session.</summary>
    public static async Task<McpClient> ConnectAsync(Api api, string name = "tester", params (string Name, string Value)[] headers)
    {
        var client = new McpClient(api);
        Reply reply = (await client.SendAsync("initialize", new JsonObject
        {
            ["protocolVersion"] = Old, ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = name, ["version"] = "1" },
        }, headers)).Is(200);
        client.Session = reply.Headers["Mcp-Session-Id"];
        return client;
    }

    /// <summary>The same session over another connection.</summary>
    public McpClient Over(Api other) => new(other) { Session = Session, _requests = _requests };

    /// <summary>Calls a tool in its session. Answers the result.</summary>
    public async Task<JsonElement> CallAsync(string tool, string arguments = "{}", params (string Name, string Value)[] headers) =>
        Result((await SendAsync("tools/call", Call(tool, arguments), headers)).Is(200));

    /// <summary>Calls a tool as clients of 2026-07-28 do, which have no sessions.</summary>
    public static async Task<JsonElement> CallAloneAsync(
        Api api, string tool, string arguments, params (string Name, string Value)[] headers) =>
        Result((await AskAloneAsync(api, "tools/call", Call(tool, arguments), [("Mcp-Name", tool), .. headers])).Is(200));

    /// <summary>Sends a request as clients of 2026-07-28 do.</summary>
    public static Task<Reply> AskAloneAsync(
        Api api, string method, JsonObject parameters, params (string Name, string Value)[] headers)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = New,
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "alone", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        return api.SendAsync(
            "POST", "/mcp", Message(1, method, parameters),
            [("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", New), ("Mcp-Method", method), .. headers]);
    }

    /// <summary>Sends a request.</summary>
    public Task<Reply> SendAsync(string method, JsonObject parameters, params (string Name, string Value)[] headers) => api.SendAsync(
        "POST", "/mcp", Message(++_requests, method, parameters),
        [
            ("Accept", "application/json, text/event-stream"),
            .. Session is null ? [] : new[] { ("Mcp-Session-Id", Session), ("MCP-Protocol-Version", Old) }, .. headers,
        ]);

    /// <summary>Ends the session.</summary>
    public Task<Reply> EndAsync() => api.SendAsync("DELETE", "/mcp", null, ("Mcp-Session-Id", Session!));

    /// <summary>The message of an event stream that has one.</summary>
    public static JsonElement Message(Reply reply) =>
        JsonDocument.Parse(reply.Text.Split('\n').First(line => line.StartsWith("data:", StringComparison.Ordinal))[5..]).RootElement;

    private static JsonElement Result(Reply reply)
    {
        JsonElement message = Message(reply);
        return message.TryGetProperty("result", out JsonElement result) ? result : throw new InvalidOperationException(reply.Text);
    }

    private static JsonObject Call(string tool, string arguments) => new() { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) };

    private static string Message(int id, string method, JsonObject parameters) => new JsonObject
    {
        ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters,
    }.ToJsonString();
}
