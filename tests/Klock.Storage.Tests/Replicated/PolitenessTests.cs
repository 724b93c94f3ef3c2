using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>For whom a store waits after an append, and how long. Its appends take 2 ms.</summary>
public sealed class PolitenessTests
{
    private static readonly LeaseId _b = new(2);
    private static readonly LeaseId _c = new(3);

    private readonly FakeTimeProvider _clock = new();
    private readonly Politeness _politeness;

    public PolitenessTests() => _politeness = new Politeness(_clock);

    [Fact]
    public void A_store_that_is_alone_never_waits()
    {
        for (int sequence = 1; sequence < 10; sequence++)
        {
            Append(sequence);
            Assert.True(_politeness.GiveWayAsync().IsCompleted);
        }
    }

    [Fact]
    public async Task It_waits_until_each_of_the_others_has_appended()
    {
        Saw(_b, 1);
        Saw(_c, 2);
        Append(3);
        Task turns = _politeness.GiveWayAsync();
        Saw(_b, 4);
        Assert.False(turns.IsCompleted);
        Saw(_c, 5);
        await turns.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Appends_before_its_own_are_no_turns()
    {
        Saw(_b, 1);
        Append(3);
        Task turns = _politeness.GiveWayAsync();
        Saw(_b, 2);
        Assert.False(turns.IsCompleted);
    }

    [Fact]
    public void An_append_that_is_heard_of_before_its_own_is_answered_is_a_turn()
    {
        Saw(_b, 4);
        Append(3);
        Assert.True(_politeness.GiveWayAsync().IsCompleted);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    public async Task It_waits_for_at_most_two_and_a_half_appends_each(int others, int longestMs)
    {
        Meet(others);
        Append(9);
        Task turns = _politeness.GiveWayAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(longestMs - 1));
        Assert.False(turns.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await turns.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Who_asks_later_does_not_wait_for_what_is_over()
    {
        Meet(2);
        Append(9);
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.True(_politeness.GiveWayAsync().IsCompleted);
    }

    [Fact]
    public void Who_has_not_written_for_50_ms_is_not_waited_for()
    {
        Meet(2);
        _clock.Advance(TimeSpan.FromMilliseconds(51));
        Append(9);
        Assert.True(_politeness.GiveWayAsync().IsCompleted);
    }

    [Fact]
    public async Task Who_does_not_use_its_turn_is_not_waited_for_until_it_writes_again()
    {
        Saw(_b, 1);
        Append(2);
        Task turns = _politeness.GiveWayAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        await turns.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Append(3);
        Assert.True(_politeness.GiveWayAsync().IsCompleted);
        Saw(_b, 4);
        Append(5);
        Assert.False(_politeness.GiveWayAsync().IsCompleted);
    }

    [Fact]
    public async Task Who_was_too_late_and_asks_is_waited_for()
    {
        Append(1);
        _politeness.Asked(new TurnWish(_b, TimeSpan.Zero));
        Assert.True(_politeness.GiveWayAsync().IsCompleted);
        Append(2);
        Task turns = _politeness.GiveWayAsync();
        Assert.False(turns.IsCompleted);
        Saw(_b, 3);
        await turns.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    // Not for longer than a tenth of a second, whatever it says.
    [Theory]
    [InlineData(10, 25)]
    [InlineData(3_600_000, 100)]
    public async Task Who_is_farther_away_is_waited_for_longer(int usualMs, int longestMs)
    {
        _politeness.Asked(new TurnWish(_b, TimeSpan.FromMilliseconds(usualMs)));
        Append(1);
        Task turns = _politeness.GiveWayAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(longestMs - 1));
        Assert.False(turns.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await turns.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_append_that_was_very_slow_does_not_make_it_patient()
    {
        for (int sequence = 1; sequence < 30; sequence++)
        {
            Append(sequence);
        }

        _politeness.Appended(30, TimeSpan.FromMinutes(1));
        Meet(1);
        Append(40);
        Task turns = _politeness.GiveWayAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        await turns.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private void Append(long sequence) => _politeness.Appended(sequence, TimeSpan.FromMilliseconds(2));

    private void Saw(LeaseId writer, long sequence) => _politeness.Saw(new HeadMove(writer, sequence));

    private void Meet(int others)
    {
        for (int i = 1; i <= others; i++)
        {
            Saw(new LeaseId((UInt128)i), i);
        }
    }
}
