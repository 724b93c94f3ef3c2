using System.Text.Json;
using System.Text.RegularExpressions;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>A list that is too long for one answer is read in pages, and shown as one.</summary>
public sealed class LongListTests
{
    private const int All = 2_500;

    [Fact]
    public void Leases_that_a_server_lists_in_pages_only_are_shown_as_one_list()
    {
        using var server = new FakeServer(Answer);
        using var place = new Place();
        JsonElement leases = JsonDocument.Parse(place.Klock("leases", "--json", "--server", server.Url).Well().Out).RootElement;
        Assert.Equal(["success", "data"], leases.EnumerateObject().Select(field => field.Name));
        Assert.Equal(Enumerable.Range(1, All), leases.GetProperty("data").EnumerateArray().Select(lease => TokenOf(lease)));
        string[] lines = place.Klock("leases", "--server", server.Url).Well().Out.Split('\n');
        Assert.Equal(All, lines.Count(line => line.Contains("FILE:/", StringComparison.Ordinal)));
        Assert.Equal(2 * (1 + 3), server.Heard.Count);
    }

    [Fact]
    public void The_pages_of_agents_go_on_behind_a_text()
    {
        using var server = new FakeServer(request =>
            request.Contains("after=2%3Ab%20b&limit=1000", StringComparison.Ordinal) ? Agents("c")
            : request.Contains("?limit=1000", StringComparison.Ordinal) ? Agents("a", "b b", "2:b b")
            : FakeServer.Http(400, Error("limit is missing, and there are more than 100000 to list: ask for pages.")));
        using var place = new Place();
        Assert.Equal(["a", "b b", "c"], place.Klock("agents", "--json", "--server", server.Url).Well().Json.GetProperty("data")
            .EnumerateArray().Select(agent => agent.GetProperty("agent_id").GetString()));
        Assert.Equal(3, server.Heard.Count);
    }

    [Fact]
    public void What_is_wrong_with_the_filter_is_told_as_it_is()
    {
        using var server = new FakeServer(_ => FakeServer.Http(400, Error("agent_id is wrong.")));
        using var place = new Place();
        Ran ran = place.Klock("leases", "--agent", "a", "--server", server.Url);
        Assert.Equal((2, "klock: --agent is wrong.\n"), (ran.Code, ran.Error));
    }

    private static string Answer(string request)
    {
        Match page = Regex.Match(request, @"[?](after=(?<after>\d+)&)?limit=1000", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        if (!page.Success)
        {
            return FakeServer.Http(400, Error("limit is missing, and there are more than 100000 to list: ask for pages."));
        }

        int after = page.Groups["after"] is { Success: true } last
            ? int.Parse(last.Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        string data = string.Join(',', Enumerable.Range(after + 1, Math.Min(1_000, All - after)).Select(Lease));
        return FakeServer.Http(200, $"{{\"success\":true,\"data\":[{data}]{(after + 1_000 < All ? $",\"next\":{after + 1_000}" : "")}}}");
    }

    private static string Agents(string name, string? other = null, string? next = null)
    {
        string data = string.Join(',', ((string?[])[name, other]).OfType<string>().Select(
            agent => $"{{\"agent_id\":\"{agent}\",\"priority\":2}}"));
        return FakeServer.Http(200, $"{{\"success\":true,\"data\":[{data}]{(next is null ? "" : $",\"next\":\"{next}\"")}}}");
    }

    private static string Error(string sentence) => $"{{\"success\":false,\"code\":\"INVALID_REQUEST\",\"error\":\"{sentence}\"}}";

    private static string Lease(int token) =>
        $"{{\"id\":\"{token:x32}\",\"agent_id\":\"a\",\"session_id\":\"s\",\"resource\":\"FILE:/{token}\",\"predicate\":\"MUTATES\","
        + "\"state\":\"Active\",\"acquired_at\":1,\"ttl\":1,\"expires_at\":2,\"last_heartbeat\":1,"
        + $"\"fencing_token\":{token},\"note\":null}}";

    private static int TokenOf(JsonElement lease) => lease.GetProperty("fencing_token").GetInt32();
}
