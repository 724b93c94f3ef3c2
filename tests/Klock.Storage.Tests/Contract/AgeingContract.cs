using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>KLIS-8, ageing: a session whose parked request two conflicting grants to others have passed is senior.</summary>
public abstract class AgeingContract : ContractSuite
{
    private readonly Waiting _young;
    private readonly List<Waiting> _elders = [];
    private string _held;

    protected AgeingContract(IStoreKind kind)
        : base(kind)
    {
        for (ulong age = 0; age < 5; age++)
        {
            Klock.Register($"elder{age}", age);
        }

        Klock.Register("young", 9);
        _held = Klock.Acquire("elder4").LeaseId;
        _young = Klock.Wait("young");
        _elders.AddRange([Klock.Wait("elder3"), Klock.Wait("elder2"), Klock.Wait("elder1")]);
    }

    [Fact]
    public void One_grant_does_not_make_it_senior()
    {
        NextElder();
        Assert.DoesNotContain("senior", Text(Klock.Ask(Operation.ListWaiters, "{}").Data), StringComparison.Ordinal);
        Assert.Equal(["queued elder2 FILE:src/a.ts", "queued elder1 FILE:src/a.ts", "parked young FILE:src/a.ts"], Klock.Waiters());
    }

    [Fact]
    public void It_queues_at_once_and_no_elder_goes_before_it()
    {
        NextElder();
        NextElder();
        Assert.Equal(["queued elder1 FILE:src/a.ts", "queued young FILE:src/a.ts"], Klock.Waiters());
        Answer elder = Klock.Acquire("elder0");
        Assert.Equal("DIE", elder.Reason);
        Assert.Contains("senior", elder.Field("message").GetString()!, StringComparison.Ordinal);
        JsonElement first = elder.Field("conflicts")[0];
        Assert.Equal("young", first.GetProperty("agent_id").GetString());
        Assert.True(first.GetProperty("senior").GetBoolean());
        Assert.False(elder.Field("conflicts")[1].TryGetProperty("senior", out _));
        NextElder();
        Assert.Null(_young.Look());
        Klock.Release(_held);
        Assert.True(_young.Answered().Success);
    }

    [Fact]
    public void Lists_and_events_say_that_it_is_senior_for_as_long_as_it_has_something()
    {
        NextElder();
        NextElder();
        Assert.Contains("PROMOTED young", Seniors());
        NextElder();
        Klock.Release(_held);
        string lease = _young.Answered().LeaseId;
        Assert.Contains("GRANTED young", Seniors());
        Assert.True(Assert.Single(Klock.List().Data.EnumerateArray()).GetProperty("senior").GetBoolean());
        Klock.Acquire("young", path: "other");
        Klock.Release(lease);
        Assert.True(Assert.Single(Klock.List().Data.EnumerateArray()).GetProperty("senior").GetBoolean());
        Klock.EndSession("young");
        Klock.Acquire("young");
        Assert.DoesNotContain("senior", Text(Klock.List().Data), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_conflict_with_it_or_is_its_own_does_not_pass_it()
    {
        Klock.Acquire("elder0", path: "other");
        Klock.Acquire("elder0", "CONSUMES", path: "src/b.ts");
        Klock.Heartbeat(_held);
        NextElder();
        Assert.Equal("parked young FILE:src/a.ts", Klock.Waiters()[^1]);
    }

    // The eldest of those who queue comes last.
    private void NextElder()
    {
        Klock.Release(_held);
        _held = _elders[0].Answered().LeaseId;
        _elders.RemoveAt(0);
    }

    private string[] Seniors() =>
        [.. Klock.Events().Where(happened => happened.TryGetProperty("senior", out JsonElement senior) && senior.GetBoolean())
            .Select(happened => $"{happened.GetProperty("kind")} {happened.GetProperty("agent_id")}")];

    private static string Text(JsonElement json) => json.GetRawText();
}
