using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>KLIS-8: a request that is younger than one in its way is parked while its session holds nothing, and blocks nobody.</summary>
public abstract class ParkedContract : ContractSuite
{
    private readonly string _held;

    protected ParkedContract(IStoreKind kind)
        : base(kind)
    {
        Klock.Register("old", 1);
        Klock.Register("young", 2);
        Klock.Register("youngest", 3);
        _held = Klock.Acquire("old", "CONSUMES").LeaseId;
    }

    [Fact]
    public void It_is_granted_when_nothing_is_in_the_way_any_more()
    {
        Waiting parked = Klock.Wait("young");
        Assert.Null(parked.Look());
        Klock.Release(_held);
        Assert.True(parked.Answered().Success);
    }

    [Fact]
    public void It_blocks_nobody()
    {
        Klock.Wait("young");
        Assert.True(Klock.Acquire("youngest", "CONSUMES").Success);
    }

    [Fact]
    public void Once_it_is_older_than_all_in_its_way_it_queues()
    {
        string other = Klock.Acquire("youngest", "CONSUMES").LeaseId;
        Waiting parked = Klock.Wait("young");
        Klock.Release(_held);
        Assert.Null(parked.Look());
        Assert.Equal("DIE", Klock.Acquire("youngest", "CONSUMES", session: "t").Reason);
        Klock.Release(other);
        Assert.True(parked.Answered().Success);
    }

    [Fact]
    public void It_ends_with_DIE_as_soon_as_its_session_takes_something_else()
    {
        Waiting parked = Klock.Wait("young");
        Assert.True(Klock.Acquire("young", path: "other").Success);
        Assert.Equal("DIE", parked.Answered().Reason);
    }

    // Then nothing is in its way any more but what its own session has.
    [Fact]
    public void Of_two_that_one_session_has_parked_the_second_is_told_that_the_first_was_granted()
    {
        Waiting first = Klock.Wait("young"), second = Klock.Wait("young");
        Klock.Release(_held);
        Assert.True(first.Answered().Success);
        Answer refused = second.Answered();
        Assert.Equal(("DIE", 0), (refused.Reason, refused.Field("conflicts_total").GetInt32()));
        Assert.Contains("This session got something else", refused.Field("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_with_DIE_as_soon_as_its_session_queues_for_something_else()
    {
        Klock.Acquire("youngest", path: "other");
        Waiting parked = Klock.Wait("young"), queued = Klock.Wait("young", path: "other");
        Assert.Equal("DIE", parked.Answered().Reason);
        Assert.Null(queued.Look());
    }

    [Fact]
    public void Another_session_of_the_agent_does_not_matter()
    {
        Waiting parked = Klock.Wait("young");
        Klock.Acquire("young", path: "other", session: "t");
        Assert.Null(parked.Look());
    }

    [Fact]
    public void Who_holds_something_is_told_DIE_at_once_whatever_time_it_has()
    {
        Klock.Acquire("young", path: "other");
        Assert.Equal("DIE", Klock.Ask(Operation.Acquire, Request.Acquire("young").With("wait_ms", 3_600_000).ToString()).Reason);
    }

    [Fact]
    public void Its_time_is_up_when_it_is()
    {
        Waiting parked = Klock.Wait("young", waitMs: 20);
        Advance(19);
        Assert.Null(parked.Look());
        Advance(1);
        Assert.Equal("WAIT_TIMEOUT", parked.Answered().Reason);
    }
}
