using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>KLIS-8: a request that is older than all in its way waits in the queue, where it counts as a holder.</summary>
public abstract class QueueContract : ContractSuite
{
    private readonly string _held;

    protected QueueContract(IStoreKind kind)
        : base(kind)
    {
        foreach ((string agent, ulong age) in (IEnumerable<(string, ulong)>)[("oldest", 1), ("old", 2), ("young", 3), ("youngest", 4)])
        {
            Klock.Register(agent, age);
        }

        _held = Klock.Acquire("young").LeaseId;
    }

    [Theory]
    [InlineData("release")]
    [InlineData("revoke")]
    [InlineData("change")]
    [InlineData("end of session")]
    [InlineData("expiry")]
    public void Whatever_lets_go_of_the_resource_grants_the_lease(string end)
    {
        Waiting waits = Klock.Wait("old", "CONSUMES");
        Advance(10);
        Assert.Null(waits.Look());
        switch (end)
        {
            case "release": Klock.Release(_held); break;
            case "revoke": Klock.Revoke(_held); break;
            case "change": Klock.Change(_held, "DEPENDS_ON"); break;
            case "end of session": Klock.EndSession("young"); break;
            default: Pass(59_990, waits); break;
        }

        Answer granted = waits.Answered();
        Assert.Equal((Now, Now + 60_000), (granted.Data.GetProperty("acquired_at").GetInt64(), granted.ExpiresAt));
        Assert.Contains(granted.LeaseId, Klock.ActiveIds());
    }

    [Fact]
    public void When_its_time_is_up_and_not_a_millisecond_before_it_leaves_the_queue()
    {
        Klock.Change(_held, "CONSUMES");
        Waiting waits = Klock.Wait("old", waitMs: 50);
        Advance(49);
        Assert.Null(waits.Look());
        Assert.Equal("DIE", Klock.Acquire("youngest", "CONSUMES").Reason);
        Advance(1);
        Answer refused = waits.Answered();
        Assert.Equal("WAIT_TIMEOUT", refused.Reason);
        Assert.Equal("young held", Conflicts(refused));
        Assert.True(Klock.Acquire("youngest", "CONSUMES").Success);
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(90_000)]
    public void A_wait_ends_before_the_lease_that_ends_with_it(long lookedAt)
    {
        Waiting waits = Klock.Wait("old", waitMs: 60_000);
        Pass(59_000, waits);
        Advance(lookedAt - 59_000);
        Answer refused = waits.Answered();
        Assert.Equal("WAIT_TIMEOUT", refused.Reason);
        Assert.DoesNotContain("-", refused.Field("message").GetString(), StringComparison.Ordinal);
        Assert.True(Klock.Acquire("youngest").Success);
    }

    [Fact]
    public void First_come_first_served_among_those_who_conflict()
    {
        Waiting first = Klock.Wait("old"), second = Klock.Wait("oldest");
        Klock.Release(_held);
        Answer granted = first.Answered();
        Assert.Null(second.Look());
        Klock.Release(granted.LeaseId);
        Assert.True(second.Answered().Success);
    }

    [Fact]
    public void Compatible_ones_go_together()
    {
        Waiting[] readers =
            [Klock.Wait("old", "CONSUMES"), Klock.Wait("oldest", "DEPENDS_ON"), Klock.Wait("old", "CONSUMES", session: "r")];
        Klock.Release(_held);
        Assert.Equal(3, readers.Select(reader => reader.Answered().LeaseId).Distinct().Count());
        Assert.Equal(3, Klock.ActiveIds().Length);
    }

    [Fact]
    public void Who_waits_counts_as_a_holder_and_is_named_without_a_right()
    {
        Klock.Change(_held, "CONSUMES");
        Klock.Begin(Operation.Acquire, Request.Acquire("old").With("wait_ms", 500).With("note", "why"));
        Answer behind = Klock.Acquire("oldest", "CONSUMES");
        Assert.Equal("WAIT", behind.Reason);
        JsonElement waiting = behind.Field("conflicts")[0];
        Assert.Equal(("waiting", "why"), (waiting.GetProperty("state").GetString(), waiting.GetProperty("note").GetString()));
        Assert.Equal(Start + 500, waiting.GetProperty("expires_at").GetInt64());
        Assert.Equal("old waiting", Conflicts(Klock.Acquire("youngest", "CONSUMES")));
        Assert.Equal("AGENT_BUSY", Klock.Register("old", 9).Code);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("handle")]
    public void A_wait_that_is_closed_says_so(string what)
    {
        Waiting waits = Klock.Wait("old");
        _ = what == "session" ? Klock.EndSession("old").Data.GetProperty("released").GetInt32() : Close();
        Assert.Equal("CLOSED", waits.Answered().Code);
    }

    [Fact]
    public void A_wait_whose_caller_went_away_leaves_nothing_behind()
    {
        Klock.Change(_held, "CONSUMES");
        Waiting waits = Klock.Wait("old");
        Assert.Equal("DIE", Klock.Acquire("youngest", "CONSUMES").Reason);
        waits.Cancel();
        Assert.True(Klock.Acquire("youngest", "CONSUMES").Success);
        Assert.True(Klock.Register("old", 9).Success);
    }

    [Fact]
    public void Without_time_to_wait_the_answer_comes_at_once_and_nobody_queues()
    {
        Answer refused = Klock.Ask(Operation.Acquire, Request.Acquire("old").With("wait_ms", 0).ToString());
        Assert.Equal("WAIT", refused.Reason);
        Assert.Equal("young held", Conflicts(Klock.Acquire("youngest")));
    }

    private static string Conflicts(Answer refused) => string.Join(',', refused.Field("conflicts").EnumerateArray()
        .Select(conflict => $"{conflict.GetProperty("agent_id")} {conflict.GetProperty("state")}"));

    private int Close()
    {
        Coordinator.Dispose();
        return 0;
    }
}
