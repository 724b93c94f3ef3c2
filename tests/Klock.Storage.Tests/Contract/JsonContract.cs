using System.Text;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>What is JSON is read as JSON, escapes and all; what is not is an error and changes nothing.</summary>
public abstract class JsonContract(IStoreKind kind) : ContractSuite(kind)
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("17")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{\"agent_id\"}")]
    [InlineData("{'agent_id':'a'}")]
    [InlineData("{agent_id:\"a\"}")]
    [InlineData("\uFEFF{}")]
    [InlineData("not json at all")]
    public void What_is_no_JSON_object_is_refused(string request) =>
        Assert.All(Samples.ReadingRequest, operation => Invalid(Klock.Ask(operation, request)));

    [Theory]
    [InlineData("x")]
    [InlineData("}")]
    [InlineData("{}")]
    [InlineData(",")]
    [InlineData("/* */")]
    [InlineData("// x")]
    [InlineData("\0")]
    public void Anything_after_the_object_is_refused(string garbage)
    {
        Assert.All(Samples.ReadingRequest, operation => Invalid(Klock.Ask(operation, Samples.Of(operation) + garbage)));
        Assert.Empty(Klock.Agents());
        Assert.Empty(Klock.ActiveIds());
    }

    [Theory]
    [InlineData("\"ttl\":60000", "\"ttl\":60000,")]
    [InlineData("\"ttl\":60000", "\"ttl\":060000")]
    [InlineData("\"ttl\":60000", "\"ttl\":0x10")]
    [InlineData("\"ttl\":60000", "\"ttl\":NaN")]
    [InlineData("\"ttl\":60000", "\"ttl\":+1")]
    [InlineData("\"ttl\":60000", "\"ttl\":")]
    [InlineData("\"ttl\":60000", "\"ttl\"")]
    [InlineData("\"ttl\":60000", "\"ttl\":60000,\"x\":[1,]")]
    [InlineData("\"ttl\":60000", "\"ttl\":60000 \"x\":1")]
    [InlineData("\"ttl\":60000", "\"ttl\":60000,\"x\":\"\t\"")]
    [InlineData("\"ttl\":60000", "\"ttl\":60000,\"x\":\"\\x\"")]
    [InlineData("\"ttl\":60000", "\"ttl\":60000,\"x\":\"\\u12\"")]
    [InlineData("\"ttl\":60000", "\"ttl\":60000,\"x\":tru")]
    [InlineData("\"agent_id\":\"a\"", "\"agent_id\":\"a")]
    public void A_slip_inside_is_refused_wherever_it_is(string good, string bad)
    {
        string request = Samples.Of(Operation.Acquire).ToString();
        Assert.Contains(good, request, StringComparison.Ordinal);
        Invalid(Klock.Ask(Operation.Acquire, request.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Empty(Klock.Agents());
    }

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x98 })]
    public void Bytes_that_are_not_UTF8_are_refused_in_any_field(byte[] bad)
    {
        foreach (string field in (string[])["agent_id", "session_id", "resource_path", "note", "request_id", "predicate", "something_else"])
        {
            byte[] request = Encoding.UTF8.GetBytes(Samples.Of(Operation.Acquire).With(field, "%").ToString());
            int place = request.AsSpan().IndexOf((byte)'%');
            Invalid(Klock.Ask(Operation.Acquire, [.. request[..place], .. bad, .. request[(place + 1)..]]));
        }
    }

    [Fact]
    public void Names_and_values_may_be_escaped()
    {
        const string Escaped = """
            {"\u0061gent_id":"\u0061","session\u005fid":"\u0073","resource_typ\u0065":"\u0046ILE","resource_path":"src\/\u0061.ts",
             "predicate":"\u004dUTATES","tt\u006c":60000,"note":"\ud83d\ude00\"\\\n","request_id":"\u0072"}
            """;
        Answer granted = Klock.Ask(Operation.Acquire, Escaped);
        Assert.Equal("a", granted.Data.GetProperty("agent_id").GetString());
        Assert.Equal("FILE:src/a.ts", granted.Data.GetProperty("resource").GetString());
        Assert.Equal("😀\"\\\n", Klock.List().Data[0].GetProperty("note").GetString());
        Assert.Equal(granted.LeaseId, Klock.Acquire("a", requestId: "r").LeaseId);
    }

    [Theory]
    [InlineData("resource_type", "DATABASE_TABLE")]
    [InlineData("resource_type", "API_ENDPOINT")]
    [InlineData("predicate", "DEPENDS_ON")]
    public void A_name_may_be_escaped_from_end_to_end(string field, string name)
    {
        string escaped = string.Concat(name.Select(letter => $"\\u{(int)letter:x4}"));
        Request request = Samples.Of(Operation.Acquire).With(field, Request.Raw($"\"{escaped}\""));
        Assert.True(Klock.Ask(Operation.Acquire, request.ToString()).Success);
    }

    [Theory]
    [InlineData(Operation.Acquire, "agent_id")]
    [InlineData(Operation.Acquire, "session_id")]
    [InlineData(Operation.Acquire, "resource_type")]
    [InlineData(Operation.Acquire, "resource_path")]
    [InlineData(Operation.Acquire, "predicate")]
    [InlineData(Operation.Acquire, "note")]
    [InlineData(Operation.Acquire, "request_id")]
    [InlineData(Operation.RegisterAgent, "agent_id")]
    [InlineData(Operation.DeclareIntents, "session_id")]
    [InlineData(Operation.Heartbeat, "lease_id")]
    [InlineData(Operation.ListLeases, "resource")]
    [InlineData(Operation.ListLeases, "agent_id")]
    public void Half_a_surrogate_pair_is_no_text(Operation operation, string field)
    {
        foreach (string half in (string[])["\\ud83d", "\\ude00", "x\\ud83dx", "\\ude00\\ud83d"])
        {
            Answer answer = Klock.Ask(operation, Samples.Of(operation).With(field, Request.Raw($"\"{half}\"")).ToString());
            Invalid(answer);
            Assert.StartsWith(field + " ", answer.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Klock.Agents());
    }

    [Theory]
    [InlineData("\"\\ud83d\":1")]
    [InlineData("\"agent_id\\ud83d\":1")]
    [InlineData("\"x\":\"\\ud83d\"")]
    public void Half_a_pair_where_nobody_looks_is_refused_or_ignored(string field)
    {
        foreach (Operation operation in Samples.ReadingRequest)
        {
            Answer with = Klock.Ask(operation, "{" + field + "," + Samples.Of(operation).ToString()[1..]);
            Assert.True(with.Code is null or "INVALID_REQUEST" or "UNKNOWN_LEASE", with.Text);
        }
    }

    [Fact]
    public void Of_a_field_that_stands_twice_the_last_one_counts()
    {
        string request = "{\"agent_id\":\"first\",\"ttl\":5," + Samples.Of(Operation.Acquire).ToString()[1..];
        Answer granted = Klock.Ask(Operation.Acquire, request);
        Assert.Equal("a", granted.Data.GetProperty("agent_id").GetString());
        Assert.Equal(60_000, granted.Data.GetProperty("ttl").GetInt64());
        Assert.Equal([$"a={Start}"], Klock.Agents());
    }

    [Fact]
    public void Nesting_has_an_end()
    {
        // The object itself is the first level.
        Assert.True(Nested(Limits.JsonDepth - 1).Success);
        Invalid(Nested(Limits.JsonDepth));
        Invalid(Nested(400_000));
    }

    private Answer Nested(int levels) => Klock.Ask(
        Operation.RegisterAgent,
        Samples.Of(Operation.RegisterAgent).With("x", Request.Raw(new string('[', levels) + new string(']', levels))).ToString());

    private static void Invalid(Answer answer) => Assert.Equal("INVALID_REQUEST", answer.Code);
}
