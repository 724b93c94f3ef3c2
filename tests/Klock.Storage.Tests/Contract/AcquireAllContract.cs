using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>KLIS-9: a manifest with a ttl gets all its leases or none, in one step.</summary>
public abstract class AcquireAllContract(IStoreKind kind) : ContractSuite(kind)
{
    private static readonly object[] _rename = [Request.Intent("RENAMES", "old.ts"), Request.Intent("PROVIDES", "new.ts")];

    [Fact]
    public void All_are_granted_in_their_order_under_rising_tokens()
    {
        JsonElement[] leases = Leases(Klock.AcquireAll("a", _rename));
        Assert.Equal(
            ["FILE:old.ts RENAMES", "FILE:new.ts PROVIDES"],
            leases.Select(lease => $"{lease.GetProperty("resource")} {lease.GetProperty("predicate")}"));
        Assert.True(leases[0].GetProperty("fencing_token").GetInt64() < leases[1].GetProperty("fencing_token").GetInt64());
        Assert.Equal(leases.Select(Id), Klock.ActiveIds());
        Assert.True(Klock.Release(Id(leases[0])).Success);
        Assert.Equal([Id(leases[1])], Klock.ActiveIds());
    }

    [Fact]
    public void One_that_is_in_the_way_keeps_all_from_being_taken()
    {
        string held = Klock.Acquire("holder", path: "new.ts").LeaseId;
        Answer refused = Klock.AcquireAll("z", _rename);
        Assert.Equal(("DIE", 1), (refused.Reason, refused.Field("conflicts_total").GetInt32()));
        Assert.Equal([held], Klock.ActiveIds());
    }

    [Fact]
    public void The_worst_verdict_counts()
    {
        Klock.Register("old", 1);
        Klock.Register("me", 2);
        Klock.Register("young", 3);
        Klock.Acquire("young", path: "old.ts");
        Assert.Equal("WAIT", Klock.AcquireAll("me", _rename).Reason);
        Klock.Acquire("old", path: "new.ts");
        Assert.Equal("DIE", Klock.AcquireAll("me", _rename).Reason);
    }

    [Fact]
    public void The_intents_of_one_manifest_are_not_in_each_others_way() =>
        Assert.Equal(
            3,
            Leases(Klock.AcquireAll(
                "a", Request.Intent("MUTATES", "x"), Request.Intent("DELETES", "x"), Request.Intent("MUTATES", "**"))).Length);

    [Fact]
    public void While_it_waits_it_holds_none_and_then_gets_all_at_once()
    {
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        string[] held = [Klock.Acquire("young", path: "old.ts").LeaseId, Klock.Acquire("young", path: "new.ts").LeaseId];
        Waiting waits = Klock.Begin(Operation.AcquireAll, Manifest("old").With("wait_ms", 1_000));
        Klock.Release(held[0]);
        Assert.Null(waits.Look());
        Assert.Equal([held[1]], Klock.ActiveIds());
        Klock.Release(held[1]);
        Assert.Equal(Leases(waits.Answered()).Select(Id), Klock.ActiveIds());
    }

    [Fact]
    public void Repeated_under_its_request_id_it_gets_the_same_leases_while_it_has_them_all()
    {
        Request request = Manifest("a").With("request_id", "r");
        Answer first = Klock.Ask(Operation.AcquireAll, request.ToString());
        Assert.Equal(first.Text, Klock.Ask(Operation.AcquireAll, request.ToString()).Text);
        Assert.Equal(2, Klock.ActiveIds().Length);
        Klock.Release(Id(Leases(first)[0]));
        Answer broken = Klock.Ask(Operation.AcquireAll, request.ToString());
        Assert.Equal("INVALID_REQUEST", broken.Code);
        Assert.StartsWith("request_id ", broken.Error, StringComparison.Ordinal);
        Assert.Single(Klock.ActiveIds());
    }

    [Fact]
    public void It_has_1_to_256_intents()
    {
        object[] intents = [.. Enumerable.Range(0, 257).Select(i => Request.Intent("MUTATES", $"{i}"))];
        Assert.Equal("INVALID_REQUEST", Klock.AcquireAll("a", intents).Code);
        Assert.Equal("INVALID_REQUEST", Klock.AcquireAll("a").Code);
        Assert.Empty(Klock.ActiveIds());
        Assert.Equal(256, Leases(Klock.AcquireAll("a", intents[..256])).Length);
    }

    private static Request Manifest(string agent) => Request.Declare(agent, "s", _rename).With("ttl", 60_000);

    private static JsonElement[] Leases(Answer answer) => [.. answer.Data.GetProperty("leases").EnumerateArray()];

    private static string Id(JsonElement lease) => lease.GetProperty("lease_id").GetString()!;
}
