using System.Text.Json;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Documents;

/// <summary>The OpenAPI document: valid by a validator that is not ours, and what the server answers is what it says.</summary>
public sealed class DocumentTests(RunningServer running) : IClassFixture<RunningServer>
{
    private const string Intents = "\"intents\":[{\"predicate\":\"MUTATES\",\"resource_type\":\"FILE\",\"resource_path\":\"/doc/x\"}]";

    private readonly List<object> _answers = [];

    [Fact]
    public async Task The_document_is_OpenAPI_and_answers_are_as_it_says()
    {
        string document = (await running.Api.GetAsync("/openapi/v1.json")).Is(200).Text;
        await AskEverythingAsync();
        await AskInVainAsync();
        string? folder = await NodePackages.InstallAsync();
        Assert.SkipWhen(folder is null, "npm cannot install the validator here");
        string input = JsonSerializer.Serialize(new { document = JsonDocument.Parse(document), answers = _answers });
        Assert.Equal("", (await NodePackages.RunAsync(folder!, "check.mjs", input)).Trim());
    }

    [Fact]
    public async Task Every_field_of_a_request_says_what_it_is_and_what_is_allowed()
    {
        JsonElement paths = (await running.Api.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        JsonElement acquire = paths.GetProperty("/leases").GetProperty("post").GetProperty("requestBody").GetProperty("content")
            .GetProperty("application/json").GetProperty("schema");
        Assert.Equal(
            ["agent_id", "session_id", "predicate", "resource_type", "resource_path", "ttl"],
            acquire.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        JsonElement ttl = acquire.GetProperty("properties").GetProperty("ttl");
        Assert.Equal(86_400_000, ttl.GetProperty("maximum").GetInt64());
        Assert.Contains("in ms", ttl.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.All(
            acquire.GetProperty("properties").EnumerateObject(),
            field => Assert.Contains(": ", field.Value.GetProperty("description").GetString(), StringComparison.Ordinal));
    }

    private async Task<Reply> AskAsync(string method, string path, string? body = null)
    {
        Reply reply = await running.Api.SendAsync(method, path, body, ("Accept", "application/json"));
        _answers.Add(new { method, path, status = reply.Status, body = reply.Text });
        return reply;
    }

    private async Task AskEverythingAsync()
    {
        await AskAsync("POST", "/agents", "{\"agent_id\":\"doc\",\"priority\":18446744073709551615}");
        string first = (await AskAsync("POST", "/leases", Api.Lease("doc", "/doc/1"))).LeaseId;
        await AskAsync("GET", "/leases/" + first);
        await AskAsync("GET", "/leases?agent_id=doc");
        await AskAsync("POST", $"/leases/{first}/heartbeat");
        await AskAsync("PATCH", "/leases/" + first, "{\"predicate\":\"CONSUMES\"}");
        await AskAsync("DELETE", "/leases/" + first);
        string second = (await AskAsync("POST", "/leases", Api.Lease("doc", "/doc/2"))).LeaseId;
        await AskAsync("POST", $"/leases/{second}/revoke");
        await AskAsync("POST", "/intents", $"{{\"agent_id\":\"doc\",\"session_id\":\"s\",{Intents}}}");
        await AskAsync("POST", "/intents", $"{{\"agent_id\":\"doc\",\"session_id\":\"s\",\"ttl\":60000,{Intents}}}");
        await AskAsync("POST", "/intents", $"{{\"agent_id\":\"other\",\"session_id\":\"s\",{Intents}}}");
        await AskAsync("POST", "/intents", $"{{\"agent_id\":\"other\",\"session_id\":\"s\",\"ttl\":60000,{Intents}}}");
        await AskAsync("POST", "/leases", Api.Lease("other", "/doc/x"));
        await AskAsync("POST", "/leases", Api.Lease("other", "/doc/x", waitMs: 50));
        await AskAsync("POST", "/leases", Api.Lease("other", "/doc/y", ttl: 1));
        await AskAsync("POST", "/sessions/doc/s/heartbeat");
        await AskAsync("DELETE", "/sessions/doc/s");
        await AskAsync("GET", "/agents");
        await AskAsync("GET", "/agents?limit=1");
        await AskAsync("GET", "/snapshot");
        await AskAsync("GET", "/snapshot?limit=1");
        await AskAsync("GET", "/session");
        await AskAsync("POST", "/session", "{\"key\":\"any\"}");
        await AskAsync("DELETE", "/session");
        await AskAsync("GET", "/waiters");
        await AskAsync("POST", "/evict");
        await AskAsync("GET", "/health");
        await AskAsync("GET", "/readyz");
        await AskAsync("GET", "/livez");
        await AskAsync("GET", "/events?after=0&limit=1000");
        await AskAsync("GET", "/events?after=1");
    }

    private async Task AskInVainAsync()
    {
        const string Unknown = "0123456789abcdef0123456789abcdef";
        string expired = (await running.Api.AcquireAsync("late", "/doc/late", ttl: 1)).Is(201).LeaseId;
        await Task.Delay(10, TestContext.Current.CancellationToken);
        foreach (string lease in (string[])[Unknown, expired])
        {
            await AskAsync("GET", "/leases/" + lease);
            await AskAsync("DELETE", "/leases/" + lease);
            await AskAsync("PATCH", "/leases/" + lease, "{\"predicate\":\"CONSUMES\"}");
            await AskAsync("POST", $"/leases/{lease}/heartbeat");
            await AskAsync("POST", $"/leases/{lease}/revoke");
        }

        foreach (string path in (string[])["/agents", "/leases", "/intents"])
        {
            await AskAsync("POST", path, "{}");
            await AskAsync("POST", path, "{" + new string(' ', 1024 * 1024) + "}");
        }

        (await running.Api.AcquireAsync("busy", "/doc/busy")).Is(201);
        await AskAsync("POST", "/agents", "{\"agent_id\":\"busy\",\"priority\":1}");
        await AskAsync("GET", "/leases?resource=x");
        await AskAsync("GET", "/snapshot?resource=x");
        await AskAsync("GET", "/agents?after=x");
        await AskAsync("GET", "/events?after=x");
        await AskAsync("GET", "/events?limit=0");
    }
}
