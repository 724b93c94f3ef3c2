using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Klock.Python.Tests;

/// <summary>What one side answers, with what must differ between the two replaced: lease ids, times, and where its numbers start.</summary>
internal sealed partial class Recorded : IDisposable
{
    private const int IdDigits = 32;

    private static readonly string[] _times = ["acquired_at", "expires_at", "last_heartbeat", "at", "since", "wait_until"];
    private static readonly string[] _numbers = ["seq", "sequence", "fencing_token", "number"];

    private readonly ISide _side;
    private readonly List<string> _leases = [];
    private readonly long _first;

    public Recorded(ISide side)
    {
        _side = side;
        for (int i = 0; i < Asked.Agents.Length; i++)
        {
            side.Ask("register_agent", $$"""{"agent_id":"{{Asked.Agents[i]}}","priority":{{i}}}""");
        }

        _first = (long)side.Ask("events", """{"limit":1}""")![0]!["seq"]!;
    }

    /// <summary>How many answers had a lease in them.</summary>
    public int Granted => _leases.Count;

    /// <summary>Sends a request, and returns the answer.</summary>
    public string Ask(Asked asked)
    {
        string json = asked.Json;
        for (int back = 0; back < _leases.Count; back++)
        {
            json = json.Replace($"\"${back}\"", $"\"{_leases[^(back + 1)]}\"", StringComparison.Ordinal);
        }

        JsonNode? answer = _side.Ask(asked.Verb, json);
        return answer is null ? "null" : Masked(answer, "").ToJsonString();
    }

    public void Dispose() => _side.Dispose();

    // In the order of their names: one side is a dictionary.
    private JsonNode Masked(JsonNode node, string name) => node switch
    {
        // Where the pages of a snapshot go on: by numbers that are each side's own.
        JsonObject pages when name == "next" => string.Join(' ', pages.Select(page => page.Key).Order(StringComparer.Ordinal)),
        // A snapshot's clock, as text.
        _ when name == "time" => "a time",
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, field.Value is { } value ? Masked(value, field.Key) : null))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Masked(item, name))]),
        _ when _times.Contains(name) => Time((long)node),
        _ when _numbers.Contains(name) => (long)node - _first,
        _ when node.GetValueKind() == System.Text.Json.JsonValueKind.String => WithoutIds((string)node!, name),
        _ => node.DeepClone(),
    };

    private static JsonNode Time(long ms)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return ms == 0 ? "never" : ms > now ? "later" : now - ms < 60_000 ? "just now" : ms;
    }

    private string WithoutIds(string text, string name)
    {
        if (name is "lease_id" or "id" && text.Length == IdDigits && !_leases.Contains(text, StringComparer.Ordinal))
        {
            _leases.Add(text);
        }

        for (int i = 0; i < _leases.Count; i++)
        {
            text = text.Replace(_leases[i], string.Create(CultureInfo.InvariantCulture, $"lease {i}"), StringComparison.Ordinal);
        }

        return name is "message" or "reason" or "conflicts" ? Durations().Replace(text, "some time") : text;
    }

    // Since when, and for how long still: "since 25 ms", "since 1.5 s", "for at most 23 h more".
    [GeneratedRegex(@"\d+(?:\.\d+)? (?:ms|s|min|h)\b", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Durations();
}
