using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>A field that is missing or of the wrong type: an error names it and says what is allowed.</summary>
public abstract class FieldsContract(IStoreKind kind) : ContractSuite(kind)
{
    /// <summary>Every field of every operation, the type it has, and whether it may be left out.</summary>
    public static TheoryData<Operation, string, string, bool> AllFields => new()
    {
        { Operation.RegisterAgent, "agent_id", "string", true },
        { Operation.RegisterAgent, "priority", "number", true },
        { Operation.Acquire, "agent_id", "string", true },
        { Operation.Acquire, "session_id", "string", true },
        { Operation.Acquire, "resource_type", "string", true },
        { Operation.Acquire, "resource_path", "string", true },
        { Operation.Acquire, "predicate", "string", true },
        { Operation.Acquire, "ttl", "number", true },
        { Operation.Acquire, "wait_ms", "number", false },
        { Operation.Acquire, "note", "string", false },
        { Operation.Acquire, "request_id", "string", false },
        { Operation.Acquire, "namespace", "string", false },
        { Operation.DeclareIntents, "agent_id", "string", true },
        { Operation.DeclareIntents, "session_id", "string", true },
        { Operation.DeclareIntents, "intents", "array", true },
        { Operation.DeclareIntents, "namespace", "string", false },
        { Operation.AcquireAll, "agent_id", "string", true },
        { Operation.AcquireAll, "session_id", "string", true },
        { Operation.AcquireAll, "intents", "array", true },
        { Operation.AcquireAll, "ttl", "number", true },
        { Operation.AcquireAll, "wait_ms", "number", false },
        { Operation.AcquireAll, "note", "string", false },
        { Operation.AcquireAll, "request_id", "string", false },
        { Operation.AcquireAll, "namespace", "string", false },
        { Operation.ChangeLease, "lease_id", "string", true },
        { Operation.ChangeLease, "predicate", "string", true },
        { Operation.ChangeLease, "wait_ms", "number", false },
        { Operation.RenewSession, "agent_id", "string", true },
        { Operation.RenewSession, "session_id", "string", true },
        { Operation.EndSession, "agent_id", "string", true },
        { Operation.EndSession, "session_id", "string", true },
        { Operation.Events, "after", "number", false },
        { Operation.Events, "limit", "number", false },
        { Operation.Heartbeat, "lease_id", "string", true },
        { Operation.Heartbeat, "ttl", "number", false },
        { Operation.Release, "lease_id", "string", true },
        { Operation.Revoke, "lease_id", "string", true },
        { Operation.ListLeases, "agent_id", "string", false },
        { Operation.ListLeases, "session_id", "string", false },
        { Operation.ListLeases, "resource", "string", false },
        { Operation.ListLeases, "namespace", "string", false },
    };

    [Theory]
    [MemberData(nameof(AllFields))]
    public void A_field_may_be_left_out_only_if_it_is_optional(Operation operation, string field, string type, bool needed)
    {
        Answer missing = Klock.Ask(operation, Samples.Of(operation).Without(field).ToString());
        if (!needed)
        {
            Assert.True(missing.Success || missing.Code == "UNKNOWN_LEASE", missing.Text);
            return;
        }

        Assert.Equal("INVALID_REQUEST", missing.Code);
        Assert.StartsWith(field + " is missing", missing.Error, StringComparison.Ordinal);
        Assert.Contains(AllowedFor(field, type), missing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllFields))]
    public void A_field_of_another_type_is_refused(Operation operation, string field, string type, bool needed)
    {
        (string Type, string Json)[] values =
        [
            ("null", "null"), ("boolean", "true"), ("number", "1"), ("string", "\"1\""), ("array", "[]"), ("object", "{}"),
            ("boolean", "false"), ("array", "[{\"x\":[1]}]"), ("object", "{\"agent_id\":\"a\"}"),
        ];
        foreach ((string found, string json) in values.Where(value => value.Type != type && (needed || value.Type != "null")))
        {
            Answer answer = Klock.Ask(operation, Samples.Of(operation).With(field, Request.Raw(json)).ToString());
            Assert.Equal("INVALID_REQUEST", answer.Code);
            Assert.StartsWith(field + " is ", answer.Error, StringComparison.Ordinal);
            Assert.Contains(found, answer.Error, StringComparison.Ordinal);
            Assert.Contains(AllowedFor(field, type), answer.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Klock.Agents());
    }

    /// <summary>A program that writes all its fields writes null where it has nothing to say.</summary>
    [Fact]
    public void Null_in_an_optional_field_of_any_operation_is_as_if_it_were_not_there()
    {
        foreach (Operation operation in Enum.GetValues<Operation>())
        {
            Request request = Samples.Of(operation);
            string lease = Klock.Acquire("a").LeaseId;
            request = request.ToString().Contains("lease_id", StringComparison.Ordinal) ? request.With("lease_id", lease) : request;
            Request bare = RequestShapes.Of(operation).Where(field => !field.IsRequired)
                .Aggregate(request, (some, field) => some.Without(field.Shape.Name));
            Request nulls = RequestShapes.Of(operation).Where(field => !field.IsRequired)
                .Aggregate(request, (some, field) => some.With(field.Shape.Name, null));
            Assert.True(bare.ToString() == nulls.ToString() || Told(operation, bare) == Told(operation, nulls), $"{operation}: {nulls}");
            foreach (RequestField field in RequestShapes.Of(operation).Where(field => field.IsRequired))
            {
                Answer answer = Klock.Ask(operation, request.With(field.Shape.Name, null).ToString());
                Assert.Equal("INVALID_REQUEST", answer.Code);
                Assert.StartsWith($"{field.Shape.Name} is null: it must be ", answer.Error, StringComparison.Ordinal);
            }

            Klock.EndSession("a");
        }
    }

    [Theory]
    [InlineData("predicate", "READS", "PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES")]
    [InlineData("predicate", "", "PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES")]
    [InlineData("predicate", "MUTATES ", "PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES")]
    [InlineData("predicate", "DEPENDS-ON", "PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES")]
    [InlineData("predicate", "2", "PROVIDES, CONSUMES, MUTATES, DELETES, DEPENDS_ON or RENAMES")]
    [InlineData("resource_type", "THING", "FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM")]
    [InlineData("resource_type", "FİLE", "FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM")]
    [InlineData("resource_type", "0", "FILE, SYMBOL, API_ENDPOINT, DATABASE_TABLE, CONFIG_KEY or CUSTOM")]
    public void An_unknown_name_is_an_error_never_a_default(string field, string value, string allowed)
    {
        Answer answer = Klock.Ask(Operation.Acquire, Samples.Of(Operation.Acquire).With(field, value).ToString());
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith($"{field} is \"{value}\"", answer.Error, StringComparison.Ordinal);
        Assert.Contains(allowed, answer.Error, StringComparison.Ordinal);
        Assert.Empty(Klock.ActiveIds());
    }

    [Theory]
    [InlineData("predicate")]
    [InlineData("resource_type")]
    public void An_oversized_name_is_not_echoed(string field)
    {
        Answer answer = Klock.Ask(Operation.Acquire, Samples.Of(Operation.Acquire).With(field, new string('x', 100_000)).ToString());
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.DoesNotContain("xxx", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("predicate", "\"READS\"", "intents[1].predicate is \"READS\"")]
    [InlineData("resource_type", "7", "intents[1].resource_type is a number")]
    [InlineData("resource_path", "\"../x\"", "intents[1].resource_path climbs")]
    [InlineData("confidence", "\"Certain\"", "intents[1].confidence is \"Certain\"")]
    [InlineData("timestamp", "-1", "intents[1].timestamp is -1")]
    public void A_bad_intent_is_named_by_its_place(string field, string json, string says)
    {
        Request good = Request.Of(("predicate", "MUTATES"), ("resource_type", "FILE"), ("resource_path", "x"));
        Answer answer = Declare($"[{good},{good.With(field, Request.Raw(json))}]");
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith(says, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"MUTATES src/a.ts\"")]
    [InlineData("[]")]
    [InlineData("3")]
    public void An_intent_that_is_no_object_is_named_by_its_place(string json)
    {
        Answer answer = Declare($"[{json}]");
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith("intents[0] ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_fields_of_any_kind_are_ignored()
    {
        Request request = Samples.Of(Operation.Acquire);
        (string, string)[] unknown = [("x", "null"), ("", "[[],{}]"), ("Agent_Id", "7"), ("data", "{\"ttl\":{\"ttl\":\"no\"}}")];
        foreach ((string name, string json) in unknown)
        {
            request = request.With(name, Request.Raw(json));
        }

        Assert.True(Klock.Ask(Operation.Acquire, request.ToString()).Success);
    }

    private Answer Declare(string intents) =>
        Klock.Ask(Operation.DeclareIntents, Samples.Of(Operation.DeclareIntents).With("intents", Request.Raw(intents)).ToString());

    // What happened, apart from what differs from one time to the next.
    private string Told(Operation operation, Request request)
    {
        long before = Klock.Ask(Operation.Health, "{}").Data.GetProperty("sequence").GetInt64();
        Answer answer = Klock.Ask(operation, request.ToString());
        IEnumerable<string?> events = Klock.Events(before).Select(happened => happened.GetProperty("kind").GetString());
        return $"{answer.Success} {answer.Reason} {answer.Code} {answer.Error} {string.Join(' ', events)}";
    }

    private static string AllowedFor(string field, string type) => field switch
    {
        "predicate" => "DEPENDS_ON",
        "resource_type" => "CONFIG_KEY",
        "intents" => "1 to 256 intents",
        _ => type == "number" ? "an integer from" : "a string of",
    };
}
