using System.Text;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>Every limit of SPEC section 3: exactly met it is accepted, exceeded by one it is an error that names the field.</summary>
public abstract class LimitsContract(IStoreKind kind) : ContractSuite(kind)
{
    [Theory]
    [InlineData(Operation.RegisterAgent, "agent_id", 1, 256)]
    [InlineData(Operation.Acquire, "agent_id", 1, 256)]
    [InlineData(Operation.Acquire, "session_id", 1, 256)]
    [InlineData(Operation.Acquire, "request_id", 1, 128)]
    [InlineData(Operation.Acquire, "resource_path", 1, 4_096)]
    [InlineData(Operation.Acquire, "note", 0, 1_024)]
    [InlineData(Operation.AcquireAll, "agent_id", 1, 256)]
    [InlineData(Operation.AcquireAll, "session_id", 1, 256)]
    [InlineData(Operation.AcquireAll, "request_id", 1, 128)]
    [InlineData(Operation.AcquireAll, "note", 0, 1_024)]
    [InlineData(Operation.RenewSession, "agent_id", 1, 256)]
    [InlineData(Operation.RenewSession, "session_id", 1, 256)]
    [InlineData(Operation.EndSession, "agent_id", 1, 256)]
    [InlineData(Operation.EndSession, "session_id", 1, 256)]
    [InlineData(Operation.DeclareIntents, "agent_id", 1, 256)]
    [InlineData(Operation.DeclareIntents, "session_id", 1, 256)]
    [InlineData(Operation.Acquire, "namespace", 1, 256)]
    [InlineData(Operation.AcquireAll, "namespace", 1, 256)]
    [InlineData(Operation.DeclareIntents, "namespace", 1, 256)]
    [InlineData(Operation.ListLeases, "agent_id", 1, 256)]
    [InlineData(Operation.ListLeases, "session_id", 1, 256)]
    [InlineData(Operation.ListLeases, "namespace", 1, 256)]
    public void Text_has_a_least_and_a_most_number_of_bytes(Operation operation, string field, int least, int most)
    {
        string allowed = least == 0 ? $"at most {most} bytes" : $"{least} to {most} bytes";
        Assert.True(Ask(operation, field, new string('x', least)).Success);
        Assert.True(Ask(operation, field, new string('x', most)).Success);
        Assert.True(Ask(operation, field, new string('é', most / 2)).Success);
        Assert.True(Ask(operation, field, Escaped(most)).Success);
        Refused(Ask(operation, field, new string('x', most + 1)), field, allowed);
        Refused(Ask(operation, field, new string('é', (most / 2) + 1)), field, allowed);
        Refused(Ask(operation, field, Escaped(most + 1)), field, allowed);
        Refused(Ask(operation, field, new string('x', 500_000)), field, allowed);
        if (least > 0)
        {
            Refused(Ask(operation, field, ""), field, allowed);
        }
    }

    [Fact]
    public void A_path_in_an_intent_has_the_same_limit()
    {
        Assert.True(Klock.Declare("a", "s", Request.Intent("MUTATES", new string('x', 4_096))).Success);
        Refused(Klock.Declare("a", "s", Request.Intent("MUTATES", new string('x', 4_097))), "intents[0].resource_path", "1 to 4096 bytes");
    }

    [Fact]
    public void A_listed_resource_may_be_as_long_as_any_that_can_be_held()
    {
        Assert.True(Klock.Acquire("a", path: new string('x', 4_096), type: "DATABASE_TABLE").Success);
        Assert.Single(Klock.ActiveIds(("resource", "DATABASE_TABLE:" + new string('x', 4_096))));
        Refused(Klock.List(("resource", "DATABASE_TABLE:" + new string('x', 5_000))), "resource", "bytes");
    }

    [Theory]
    [InlineData(Operation.Acquire, "ttl", "1", "86400000")]
    [InlineData(Operation.Acquire, "wait_ms", "0", "3600000")]
    [InlineData(Operation.AcquireAll, "ttl", "1", "86400000")]
    [InlineData(Operation.AcquireAll, "wait_ms", "0", "3600000")]
    [InlineData(Operation.Events, "after", "0", "9223372036854775807")]
    [InlineData(Operation.Events, "limit", "1", "1000")]
    [InlineData(Operation.RegisterAgent, "priority", "0", "18446744073709551615")]
    public void An_integer_has_a_least_and_a_most(Operation operation, string field, string least, string most)
    {
        string allowed = $"an integer from {least} to {most}";
        Assert.True(Ask(operation, field, Request.Raw(least)).Success);
        Assert.True(Ask(operation, field, Request.Raw(most)).Success);
        Int128 below = Int128.Parse(least) - 1, above = Int128.Parse(most) + 1;
        Assert.All(
            new[] { $"{below}", $"{above}", "-1", "-9223372036854775808", "99999999999999999999999", "1.5", "5.0", "1e3", "5E0", "1e999" },
            bad => Refused(Ask(operation, field, Request.Raw(bad)), field, allowed));
    }

    [Fact]
    public void A_change_waits_an_hour_at_most()
    {
        Request change = Samples.Of(Operation.ChangeLease).With("lease_id", Klock.Acquire("a").LeaseId);
        Assert.True(Klock.Ask(Operation.ChangeLease, change.With("wait_ms", 3_600_000).ToString()).Success);
        Refused(Klock.Ask(Operation.ChangeLease, change.With("wait_ms", 3_600_001).ToString()), "wait_ms", "an integer from 0 to 3600000");
    }

    [Fact]
    public void A_manifest_has_1_to_256_intents()
    {
        object[] intents = [.. Enumerable.Range(0, 257).Select(i => Request.Intent("MUTATES", $"{i}"))];
        Assert.True(Klock.Declare("a", "s", intents[..1]).Success);
        Assert.True(Klock.Declare("a", "s", intents[..256]).Success);
        Refused(Klock.Declare("a", "s", intents), "intents", "1 to 256 intents");
        Refused(Klock.Declare("a", "s"), "intents", "1 to 256 intents");
    }

    [Theory]
    [InlineData(Operation.RegisterAgent)]
    [InlineData(Operation.Acquire)]
    [InlineData(Operation.DeclareIntents)]
    [InlineData(Operation.AcquireAll)]
    [InlineData(Operation.EndSession)]
    [InlineData(Operation.Events)]
    [InlineData(Operation.ListLeases)]
    public void A_request_may_have_a_mebibyte(Operation operation)
    {
        string request = Samples.Of(operation).ToString();
        Assert.True(Klock.Ask(operation, request.PadRight(1_048_576)).Success);
        Answer tooLarge = Klock.Ask(operation, request.PadRight(1_048_577));
        Assert.Equal("PAYLOAD_TOO_LARGE", tooLarge.Code);
        Assert.Contains("1048576 bytes", tooLarge.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_over_a_limit_changes_nothing()
    {
        Ask(Operation.Acquire, "note", new string('x', 1_025));
        Ask(Operation.Acquire, "ttl", 86_400_001);
        Ask(Operation.RegisterAgent, "agent_id", new string('x', 257));
        Assert.Empty(Klock.ActiveIds());
        Assert.Empty(Klock.Agents());
    }

    private Answer Ask(Operation operation, string field, object value)
    {
        // Another session each time, so that the request id always names a new request; nobody is in anybody's way.
        Request request = Samples.Of(operation).With(field, value);
        request = operation == Operation.Acquire ? request.With("predicate", "CONSUMES") : request;
        return Klock.Ask(
            operation,
            field is "agent_id" or "session_id" or "request_id" || operation is not (Operation.Acquire or Operation.AcquireAll)
            ? request.ToString()
            : request.Without("request_id").ToString());
    }

    private static Request.Verbatim Escaped(int characters) =>
        Request.Raw(new StringBuilder("\"").Insert(1, "\\u0078", characters).Append('"').ToString());

    private static void Refused(Answer answer, string field, string allowed)
    {
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith(field + " ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(allowed, answer.Error, StringComparison.Ordinal);
    }
}
