using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>What is in different namespaces never meets; agents and sessions are the same in all of them (KLIS-6).</summary>
public abstract class NamespaceContract(IStoreKind kind) : ContractSuite(kind)
{
    private const string Shop = "github.com/acme/shop";

    [Theory]
    [InlineData("FILE", "src/a.ts", "FILE", "src/a.ts")]
    [InlineData("FILE", "src/**", "FILE", "src/a.ts")]
    [InlineData("FILE", "src/a.ts", "FILE", "**")]
    [InlineData("FILE", "src/a.ts", "SYMBOL", "src/a.ts#f")]
    [InlineData("SYMBOL", "src/a.ts#f", "FILE", "src/**")]
    [InlineData("CUSTOM", "gpu", "CUSTOM", "gpu")]
    public void Resources_meet_within_a_namespace_and_nowhere_else(string type, string path, string otherType, string otherPath)
    {
        Assert.True(In(Shop, "a", path, type).Success);
        Assert.Equal("DIE", In(Shop, "b", otherPath, otherType).Reason);
        Assert.True(In("b", "b", otherPath, otherType).Success);
        Assert.True(In(null, "b", otherPath, otherType).Success);
        Assert.Equal("DIE", In(null, "a", path, type).Reason == null ? In("b", "a", path, type).Reason : "DIE");
    }

    [Fact]
    public void A_namespace_is_shown_wherever_a_resource_is_and_only_where_there_is_one()
    {
        Answer granted = In(Shop, "a", "README.md");
        Assert.Equal(Shop, granted.Data.GetProperty("namespace").GetString());
        Assert.Equal("FILE:README.md", granted.Data.GetProperty("resource").GetString());
        Answer refused = In(Shop, "b", "README.md");
        Assert.Equal(Shop, refused.Field("conflicts")[0].GetProperty("namespace").GetString());
        Assert.StartsWith(
            $"FILE:README.md in namespace {Shop} is held by a ", refused.Field("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(Shop, Klock.Get(granted.LeaseId).Data.GetProperty("namespace").GetString());
        Assert.Equal(Shop, Klock.List().Data[0].GetProperty("namespace").GetString());
        Waiting waiting = Wait(Shop, "b");
        Assert.Equal(Shop, Listed(Operation.ListWaiters)[0].GetProperty("namespace").GetString());
        Klock.Release(granted.LeaseId);
        Assert.Equal(Shop, waiting.Answered().Data.GetProperty("namespace").GetString());
        string[] told = ["GRANTED", "REFUSED", "PARKED", "RELEASED", "GRANTED", "WAIT_ENDED"];
        JsonElement[] events = [.. Klock.Events().Where(happened => happened.TryGetProperty("resource", out _))];
        Assert.Equal(told.Order(), events.Select(happened => happened.GetProperty("kind").GetString()).Order());
        Assert.All(events, happened => Assert.Equal(Shop, happened.GetProperty("namespace").GetString()));

        Answer plain = Klock.Acquire("a", path: "README.md");
        Assert.False(plain.Data.TryGetProperty("namespace", out _));
        Assert.DoesNotContain("namespace", Klock.Acquire("c", path: "README.md").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_are_narrowed_down_to_a_namespace_and_a_resource_is_the_one_in_it()
    {
        string plain = Klock.Acquire("a", path: "src/a.ts").LeaseId;
        string shop = In(Shop, "a", "src/a.ts").LeaseId, other = In(Shop, "a", "lib/a.ts").LeaseId;
        In("b", "a", "src/a.ts");
        Assert.Equal(4, Klock.ActiveIds().Length);
        Assert.Equal([shop, other], Klock.ActiveIds(("namespace", Shop)));
        Assert.Equal([shop], Klock.ActiveIds(("namespace", Shop), ("resource", "FILE:src/**")));
        Assert.Equal([plain], Klock.ActiveIds(("resource", "FILE:src/**")));
        Assert.Empty(Klock.ActiveIds(("namespace", "nobody's")));
        Wait(Shop, "b", "lib/a.ts");
        Assert.Single(Listed(Operation.ListWaiters, ("namespace", Shop)));
        Assert.Empty(Listed(Operation.ListWaiters, ("namespace", "b")));
        Assert.Empty(Listed(Operation.ListWaiters, ("resource", "FILE:lib/a.ts")));
    }

    [Fact]
    public void A_manifest_is_in_one_namespace_all_of_it()
    {
        Request manifest = Request.Declare("a", "s", Request.Intent("MUTATES", "x"), Request.Intent("MUTATES", "y#f", "SYMBOL"))
            .With("namespace", Shop);
        Answer all = Klock.Ask(Operation.AcquireAll, manifest.With("ttl", 60_000).ToString());
        Assert.All(
            all.Data.GetProperty("leases").EnumerateArray(), lease => Assert.Equal(Shop, lease.GetProperty("namespace").GetString()));
        Assert.Equal("Die", Declared("b", Shop).Field("status").GetString());
        Assert.Contains($"in namespace {Shop}", Declared("b", Shop).Field("conflicts")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("Granted", Declared("b", null).Field("status").GetString());
    }

    [Fact]
    public void One_intent_has_no_namespace_of_its_own()
    {
        const string Intents = """[{"predicate":"MUTATES","resource_type":"FILE","resource_path":"x","namespace":"shop"}]""";
        foreach (Operation operation in new[] { Operation.DeclareIntents, Operation.AcquireAll })
        {
            Answer answer = Klock.Ask(operation, Samples.Of(operation).With("intents", Request.Raw(Intents)).ToString());
            Assert.Equal("INVALID_REQUEST", answer.Code);
            Assert.StartsWith("intents[0].namespace ", answer.Error, StringComparison.Ordinal);
        }

        Assert.Empty(Klock.Agents());
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\nb")]
    [InlineData("a\\u007fb")]
    [InlineData("a\\u0085b")]
    public void A_namespace_has_no_control_characters(string escaped)
    {
        foreach (Operation operation in new[] { Operation.Acquire, Operation.AcquireAll, Operation.DeclareIntents, Operation.ListLeases })
        {
            Answer answer = Klock.Ask(operation, Samples.Of(operation).With("namespace", Request.Raw($"\"{escaped}\"")).ToString());
            Assert.Equal(
                ("INVALID_REQUEST",
                    "namespace contains a control character: it must be a string of 1 to 256 bytes without control characters."),
                (answer.Code, answer.Error));
        }
    }

    [Fact]
    public void Any_other_text_is_one_and_null_is_none()
    {
        foreach (string name in new[] { " ", "/", ".", "C:/", "äöü \\ \"\" 🔑", new string('n', 256) })
        {
            Assert.Equal(name, In(name, "a", "x").Data.GetProperty("namespace").GetString());
            Assert.Equal("DIE", In(name, "b", "x").Reason);
        }

        Assert.False(Klock.Ask(Operation.Acquire, Asked("null", "a", "x").With("namespace", null).ToString())
            .Data.TryGetProperty("namespace", out _));
    }

    [Fact]
    public void A_request_id_that_is_repeated_in_another_namespace_asks_for_something_else()
    {
        Assert.True(Klock.Ask(Operation.Acquire, Asked(Shop, "a", "x").With("request_id", "r").ToString()).Success);
        Assert.True(Klock.Ask(Operation.Acquire, Asked(Shop, "a", "x").With("request_id", "r").ToString()).Success);
        Assert.Single(Klock.ActiveIds());
        Answer other = Klock.Ask(Operation.Acquire, Asked("b", "a", "x").With("request_id", "r").ToString());
        Assert.Equal("INVALID_REQUEST", other.Code);
        Assert.StartsWith("request_id ", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void While_a_named_request_waits_the_same_name_in_another_namespace_asks_for_something_else()
    {
        string held = In(Shop, "a", "x").LeaseId;
        Waiting waiting = Klock.Begin(Operation.Acquire, Asked(Shop, "b", "x").With("wait_ms", 60_000).With("request_id", "r"));
        Request other = Asked("b", "b", "x").With("wait_ms", 60_000).With("request_id", "r");
        Assert.Equal("INVALID_REQUEST", Klock.Ask(Operation.Acquire, other.ToString()).Code);
        Assert.Null(waiting.Look());
        Klock.Release(held);
        Assert.Equal(Shop, waiting.Answered().Data.GetProperty("namespace").GetString());
    }

    [Fact]
    public void A_lease_that_is_changed_stays_where_it_is()
    {
        string lease = Klock.Ask(Operation.Acquire, Request.Acquire("a", "CONSUMES", "x").With("namespace", Shop).ToString()).LeaseId;
        Assert.True(In(null, "b", "x").Success);
        Assert.Equal(Shop, Klock.Change(lease, "MUTATES").Data.GetProperty("namespace").GetString());
        Assert.Equal("DIE", In(Shop, "b", "x").Reason);
    }

    [Fact]
    public void A_session_is_the_same_in_all_namespaces()
    {
        In(Shop, "a", "x");
        In(null, "a", "x");
        Assert.Equal(2, Klock.RenewSession("a").Data.GetProperty("renewed").GetInt32());
        Assert.True(In(Shop, "a", "x").Success);
        Assert.Equal(3, Klock.EndSession("a").Data.GetProperty("released").GetInt32());
        Assert.Single(Klock.Agents());
    }

    [Fact]
    public void A_release_wakes_those_of_its_own_namespace()
    {
        string shop = In(Shop, "a", "x").LeaseId, plain = In(null, "a", "x").LeaseId;
        Waiting there = Wait(Shop, "b", "x"), here = Wait(null, "c", "x");
        Klock.Release(plain);
        Assert.True(here.Answered().Success);
        Assert.Null(there.Look());
        Klock.Release(shop);
        Assert.Equal(Shop, there.Answered().Data.GetProperty("namespace").GetString());
    }

    private static Request Asked(string? name, string agent, string path, string type = "FILE")
    {
        Request request = Request.Acquire(agent, "MUTATES", path).With("resource_type", type);
        return name is null ? request : request.With("namespace", name);
    }

    private Answer In(string? name, string agent, string path, string type = "FILE") =>
        Klock.Ask(Operation.Acquire, Asked(name, agent, path, type).ToString());

    private Waiting Wait(string? name, string agent, string path = "README.md") =>
        Klock.Begin(Operation.Acquire, Asked(name, agent, path).With("wait_ms", 60_000));

    private JsonElement[] Listed(Operation operation, params (string Name, object? Value)[] filter) =>
        [.. Klock.Ask(operation, Request.Of(filter).ToString()).Data.EnumerateArray()];

    private Answer Declared(string agent, string? name) => Klock.Ask(
        Operation.DeclareIntents, Request.Declare(agent, "s", Request.Intent("MUTATES", "**")).With("namespace", name).ToString());
}
