using System.Text.Json;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>Every limit of SPEC section 3, met exactly and passed by one. What is too large is not echoed.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly OpenKlock _klock = new(KlockLibrary.Product);

    public void Dispose() => _klock.Dispose();

    [Theory]
    [InlineData("agent_id", 256)]
    [InlineData("session_id", 256)]
    [InlineData("request_id", 128)]
    [InlineData("resource_path", 4096)]
    [InlineData("note", 1024)]
    public void A_text_may_be_as_long_as_its_limit_in_bytes_and_no_longer(string field, int limit)
    {
        Assert.All(Texts(limit), text => _klock.Do("acquire", With(field, text)));
        Assert.All(Texts(limit), text => Refused(_klock.Send("acquire", With(field, text + "z")), field, "zzz", "\U0001F511"));
    }

    [Fact]
    public void Escapes_count_as_what_they_stand_for()
    {
        string escaped = string.Concat(Enumerable.Repeat(@"\u007a", 256));
        _klock.Do("acquire", With("agent_id", escaped));
        Refused(_klock.Send("acquire", With("agent_id", escaped + "z")), "agent_id", "zzz");
    }

    [Theory]
    [InlineData("ttl", "1", "0")]
    [InlineData("ttl", "86400000", "86400001")]
    public void A_ttl_lies_in_its_range(string field, string allowed, string refused)
    {
        _klock.Do("acquire", WithRaw(field, allowed));
        Refused(_klock.Send("acquire", WithRaw(field, refused)), field);
    }

    [Fact]
    public void A_priority_is_any_64_bit_number()
    {
        JsonElement agent = _klock.Do("register_agent", """{"agent_id":"p","priority":18446744073709551615}""");
        Assert.Equal(ulong.MaxValue, agent.GetProperty("priority").GetUInt64());
        Refused(_klock.Send("register_agent", """{"agent_id":"q","priority":18446744073709551616}"""), "priority");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(0, false)]
    [InlineData(257, false)]
    public void A_manifest_has_1_to_256_intents(int count, bool allowed)
    {
        IEnumerable<string> intents = Enumerable.Range(0, count)
            .Select(number => $$"""{"predicate":"MUTATES","resource_type":"FILE","resource_path":"/{{number}}"}""");
        string answer = _klock.Send("declare_intents", $$"""{"agent_id":"a","session_id":"s","intents":[{{string.Join(',', intents)}}]}""");
        if (allowed)
        {
            Assert.Contains("\"status\":\"Granted\"", answer, StringComparison.Ordinal);
        }
        else
        {
            Refused(answer, "intents");
        }
    }

    [Theory]
    [InlineData("agent_id", 256)]
    [InlineData("session_id", 256)]
    [InlineData("resource", 4096 + 16)]
    public void A_filter_has_the_limits_of_the_field_it_filters(string field, int limit)
    {
        string prefix = field == "resource" ? "FILE:" : "";
        string longest = prefix + new string('z', limit - prefix.Length);
        _klock.Do("list_leases", $$"""{"{{field}}":"{{longest}}"}""");
        Refused(_klock.Send("list_leases", $$"""{"{{field}}":"{{longest}}z"}"""), field, "zzz");
    }

    // One byte a character, and four.
    private static IEnumerable<string> Texts(int bytes) =>
        [new string('z', bytes), string.Concat(Enumerable.Repeat("\U0001F511", bytes / 4))];

    private static string With(string field, string text) => WithRaw(field, $"\"{text}\"");

    private static string WithRaw(string field, string value)
    {
        var fields = new Dictionary<string, string>
        {
            ["agent_id"] = "\"a\"",
            ["session_id"] = "\"s\"",
            ["resource_type"] = "\"FILE\"",
            ["resource_path"] = $"\"/{field}/{value.GetHashCode(StringComparison.Ordinal)}\"",
            ["predicate"] = "\"CONSUMES\"",
            ["ttl"] = "60000",
            [field] = value,
        };
        return "{" + string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
    }

    private static void Refused(string answer, string field, params string[] notEchoed)
    {
        JsonElement root = JsonDocument.Parse(answer).RootElement;
        Assert.Equal("INVALID_REQUEST", root.GetProperty("code").GetString());
        string sentence = root.GetProperty("error").GetString()!;
        Assert.Contains(field, sentence, StringComparison.Ordinal);
        Assert.All(notEchoed, text => Assert.DoesNotContain(text, sentence, StringComparison.Ordinal));
    }
}
