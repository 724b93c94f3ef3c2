using System.Text;
using System.Text.Json;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>Whatever comes in: an error that says what is wrong, a handle that stays good, and a state that stays as it was.</summary>
public sealed class AbuseTests : IDisposable
{
    private const int RequestBytes = 1024 * 1024;
    private const int LongestError = 700;

    private readonly OpenKlock _klock = new(KlockLibrary.Product);
    private readonly string _before;

    public AbuseTests()
    {
        _klock.Do("acquire", OpenKlock.AcquireJson("/held"));
        _before = State();
    }

    public void Dispose() => _klock.Dispose();

    [Fact]
    public void NULL_where_a_request_is_needed() =>
        Assert.All(Requests.NeedingJson, name => Refused(_klock.Send(name), "INVALID_REQUEST", "NULL"));

    [Fact]
    public void An_empty_text_where_a_request_is_needed() =>
        Assert.All(Requests.NeedingJson, name => Refused(_klock.Send(name, ""), "INVALID_REQUEST", "not JSON"));

    [Fact]
    public void An_object_without_the_fields() =>
        Assert.All(Requests.NeedingJson, name => Refused(_klock.Send(name, "{}"), "INVALID_REQUEST", "is missing"));

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xc3, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xc0, 0x80 })]
    public void Bytes_that_are_not_UTF8(byte[] bytes) =>
        Assert.All(Requests.ReadingJson, name => Refused(_klock.Library.SendBytes(_klock.Handle, name, bytes), "INVALID_REQUEST", "UTF-8"));

    [Fact]
    public void Bytes_that_are_not_UTF8_inside_a_string()
    {
        byte[] json = Encoding.Latin1.GetBytes(OpenKlock.AcquireJson("/caf\u00e9"));
        Refused(_klock.Library.SendBytes(_klock.Handle, "acquire", json), "INVALID_REQUEST", "UTF-8");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() =>
        Refused(_klock.Send("acquire", OpenKlock.AcquireJson(@"/\ud800")), "INVALID_REQUEST", "resource_path");

    [Fact]
    public void A_request_cut_off_anywhere()
    {
        string json = OpenKlock.AcquireJson("/new");
        for (int length = 1; length < json.Length; length++)
        {
            Refused(_klock.Send("acquire", json[..length]), "INVALID_REQUEST", "not JSON");
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("42")]
    [InlineData("\"{}\"")]
    [InlineData("[]")]
    [InlineData("[{}]")]
    public void JSON_that_is_not_an_object(string json) =>
        Assert.All(Requests.ReadingJson, name => Refused(_klock.Send(name, json), "INVALID_REQUEST", "object"));

    [Theory]
    [InlineData("{} {}")]
    [InlineData("{},")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{/**/}")]
    [InlineData("\ufeff{}")]
    [InlineData("{\"a\":NaN}")]
    public void Almost_JSON(string json) =>
        Assert.All(Requests.ReadingJson, name => Refused(_klock.Send(name, json), "INVALID_REQUEST", "not JSON"));

    [Theory]
    [InlineData(65)]
    [InlineData(1_000)]
    [InlineData(500_000)]
    public void Nested_too_deep(int depth)
    {
        string deep = $$"""{"unknown":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";
        Assert.All(Requests.ReadingJson, name => Refused(_klock.Send(name, deep), "INVALID_REQUEST", "nested"));
    }

    [Fact]
    public void An_unknown_field_may_be_nested_as_deep_as_is_allowed()
    {
        string field = $"\"unknown\":{new string('[', 63)}{new string(']', 63)},";
        _klock.Do("release", $$"""{{{field}}"lease_id":"{{HeldLease()}}"}""");
    }

    [Theory]
    [InlineData(RequestBytes + 1)]
    [InlineData(64 * RequestBytes)]
    public void A_request_that_is_too_large(int bytes)
    {
        string json = "{\"unknown\":\"" + new string('x', bytes - 14) + "\"}";
        Assert.All(Requests.ReadingJson, name => Refused(_klock.Send(name, json), "PAYLOAD_TOO_LARGE", "1048576"));
        nint handle = KlockLibrary.Product.Open(json, out string? error);
        Assert.Equal(0, handle);
        Refused(error!, "PAYLOAD_TOO_LARGE", "1048576");
    }

    [Fact]
    public void A_request_of_exactly_1_MiB_is_carried_out()
    {
        string json = OpenKlock.AcquireJson("/held2");
        JsonElement granted = _klock.Do("acquire", json + new string(' ', RequestBytes - json.Length));
        _klock.Do("release", $$"""{"lease_id":"{{granted.GetProperty("lease_id").GetString()}}"}""");
        Assert.Equal(_before, State());
    }

    [Theory]
    [InlineData("agent_id", "7")]
    [InlineData("agent_id", "null")]
    [InlineData("agent_id", "[\"a\"]")]
    [InlineData("agent_id", "\"\"")]
    [InlineData("session_id", "{}")]
    [InlineData("session_id", "\"\"")]
    [InlineData("resource_type", "1")]
    [InlineData("resource_type", "\"FOLDER\"")]
    [InlineData("resource_path", "false")]
    [InlineData("resource_path", "\"\"")]
    [InlineData("resource_path", "\"../up\"")]
    [InlineData("resource_path", "\"/a/*.c\"")]
    [InlineData("resource_path", "\"/a\\u0000b\"")]
    [InlineData("predicate", "2")]
    [InlineData("predicate", "\"WRITES\"")]
    [InlineData("ttl", "\"60000\"")]
    [InlineData("ttl", "1.5")]
    [InlineData("ttl", "1e3")]
    [InlineData("ttl", "-1")]
    [InlineData("ttl", "0")]
    [InlineData("ttl", "86400001")]
    [InlineData("ttl", "18446744073709551616")]
    [InlineData("ttl", "99999999999999999999999999999999")]
    [InlineData("wait_ms", "-1")]
    [InlineData("wait_ms", "3600001")]
    [InlineData("wait_ms", "0.5")]
    [InlineData("wait_ms", "\"1\"")]
    [InlineData("note", "5")]
    [InlineData("request_id", "{\"a\":1}")]
    [InlineData("request_id", "\"\"")]
    public void A_field_of_the_wrong_type_or_value_is_named(string field, string value)
    {
        var fields = new Dictionary<string, string>
        {
            ["agent_id"] = "\"a\"",
            ["session_id"] = "\"s\"",
            ["resource_type"] = "\"FILE\"",
            ["resource_path"] = "\"/new\"",
            ["predicate"] = "\"MUTATES\"",
            ["ttl"] = "60000",
            [field] = value,
        };
        string json = "{" + string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
        Refused(_klock.Send("acquire", json), "INVALID_REQUEST", field);
    }

    [Theory]
    [InlineData("register_agent", """{"agent_id":"a","priority":"1"}""", "priority")]
    [InlineData("register_agent", """{"agent_id":"a","priority":-1}""", "priority")]
    [InlineData("register_agent", """{"agent_id":"a","priority":1.0}""", "priority")]
    [InlineData("register_agent", """{"agent_id":"a","priority":18446744073709551616}""", "priority")]
    [InlineData("heartbeat", """{"lease_id":7}""", "lease_id")]
    [InlineData("release", """{"lease_id":null}""", "lease_id")]
    [InlineData("revoke", """{"lease_id":["x"]}""", "lease_id")]
    [InlineData("change_lease", """{"lease_id":"0","predicate":"WRITES"}""", "predicate")]
    [InlineData("change_lease", """{"lease_id":"0","predicate":"MUTATES","wait_ms":3600001}""", "wait_ms")]
    [InlineData("renew_session", """{"agent_id":"a","session_id":""}""", "session_id")]
    [InlineData("end_session", """{"agent_id":[],"session_id":"s"}""", "agent_id")]
    [InlineData("events", """{"after":-1}""", "after")]
    [InlineData("events", """{"limit":0}""", "limit")]
    [InlineData("events", """{"limit":1001}""", "limit")]
    [InlineData("acquire_all", """{"agent_id":"a","session_id":"s","ttl":1,"intents":[]}""", "intents")]
    [InlineData("acquire_all", """{"agent_id":"a","session_id":"s","intents":[]}""", "intents")]
    [InlineData("submit", """{"request":"release"}""", "request")]
    [InlineData("submit", """{"request":7}""", "request")]
    [InlineData("submit", """{"request":"acquire","agent_id":7}""", "agent_id")]
    [InlineData("submit", """{"request":"change_lease","lease_id":"0","predicate":"MUTATES","wait_ms":-1}""", "wait_ms")]
    [InlineData("collect", """{"timeout_ms":3600001}""", "timeout_ms")]
    [InlineData("collect", """{"timeout_ms":"1"}""", "timeout_ms")]
    [InlineData("cancel", """{"ticket":0}""", "ticket")]
    [InlineData("cancel", """{"ticket":1}""", "ticket")]
    [InlineData("cancel", """{"ticket":18446744073709551615}""", "ticket")]
    [InlineData("list_leases", """{"agent_id":7}""", "agent_id")]
    [InlineData("list_leases", """{"resource":"auth.ts"}""", "resource")]
    [InlineData("list_leases", """{"resource":"FOLDER:/a"}""", "resource")]
    [InlineData("declare_intents", """{"agent_id":"a","session_id":"s","intents":{}}""", "intents")]
    [InlineData("declare_intents", """{"agent_id":"a","session_id":"s","intents":[7]}""", "intents")]
    [InlineData("declare_intents", """{"agent_id":"a","session_id":"s","intents":[{"predicate":"READS"}]}""", "predicate")]
    public void The_other_functions_name_the_field_too(string name, string json, string field) =>
        Refused(_klock.Send(name, json), "INVALID_REQUEST", field);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("+0000000000000000000000000000000")]
    public void A_lease_id_that_names_no_lease(string id) => Assert.All(
        new[] { "heartbeat", "release", "revoke" },
        name => Refused(
            _klock.Send(name, $$"""{"lease_id":"{{id}}"}"""), id.Length == 0 ? "INVALID_REQUEST" : "UNKNOWN_LEASE", "lease_id"));

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("{\"storage\":7}", "storage")]
    [InlineData("{\"storage\":\"\"}", "storage")]
    [InlineData("{\"storage\":\"redis:x\"}", "storage")]
    [InlineData("{\"storage\":\"sqlite:\"}", "storage")]
    [InlineData("{\"storage\":\"sqlite:/tmp/x.db?synchronous=off\"}", "storage")]
    [InlineData("{\"storage\":", "not JSON")]
    public void Options_that_cannot_be_read_open_nothing(string options, string said)
    {
        nint handle = KlockLibrary.Product.Open(options, out string? error);
        Assert.Equal(0, handle);
        Refused(error!, "INVALID_REQUEST", said);
    }

    [Fact]
    public unsafe void Opening_without_a_place_for_the_error_answers_NULL_alone()
    {
        var open = (delegate* unmanaged<byte*, byte**, nint>)KlockLibrary.Product.Symbol("klock_open");
        fixed (byte* options = "{\"storage\":7}\0"u8)
        {
            Assert.Equal(0, open(options, null));
        }
    }

    [Fact]
    public void A_defect_inside_the_library_is_an_answer_and_not_the_end_of_the_host()
    {
        // The test flavour's own options are read without care, so a bad seed is an exception that nothing expects.
        nint handle = KlockLibrary.TestFlavour.Open("klock_test_open", """{"seed":-1,"now_ms":0}""", out string? error);
        Assert.Equal(0, handle);
        Refused(error!, "INTERNAL", "FormatException");
    }

    private void Refused(string answer, string code, string said)
    {
        JsonElement root = JsonDocument.Parse(answer).RootElement;
        Assert.True(root.GetProperty("success").ValueKind == JsonValueKind.False, answer);
        Assert.Equal(code, root.GetProperty("code").GetString());
        Assert.Contains(said, root.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.InRange(answer.Length, 1, LongestError);
        Assert.Equal(_before, State());
    }

    private string State() => _klock.Send("list_leases") + _klock.Send("list_agents");

    private string HeldLease() => _klock.Do("list_leases")[0].GetProperty("id").GetString()!;
}
