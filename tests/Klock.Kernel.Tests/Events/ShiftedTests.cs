using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Tests.Undo;
using Klock.Kernel.Waits;
using Xunit;

namespace Klock.Kernel.Tests.Events;

/// <summary>A replica with another clock, which applies events shifted to it.</summary>
public sealed class ShiftedTests
{
    private static readonly LeaseId _id = new(7);

    public static TheoryData<EventKind> Kinds { get; } = [.. Enum.GetValues<EventKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Times_move_and_nothing_else_does(EventKind kind)
    {
        Event happened = Full(kind);
        Event shifted = happened.Shifted(50);
        bool isOfWait = kind is EventKind.Queued or EventKind.Parked or EventKind.Promoted;
        bool isOfLease = kind is EventKind.Granted or EventKind.Renewed or EventKind.Changed or EventKind.Released or EventKind.Expired
            or EventKind.Revoked or EventKind.SessionShared;
        Assert.Equal(1_050, shifted.AtMs);
        Assert.Equal(isOfLease || isOfWait || kind == EventKind.KeptAlive ? 2_050 : 2_000, shifted.ExpiresAtMs);
        Assert.Equal(isOfWait ? 3_050 : 3_000, shifted.Wait!.DeadlineMs);
        Assert.Equal(happened with { AtMs = 0, ExpiresAtMs = 0, Wait = null }, shifted with { AtMs = 0, ExpiresAtMs = 0, Wait = null });
        Assert.Equivalent(happened.Wait, shifted.Shifted(-50).Wait, strict: true);
        Assert.Equal(happened with { Wait = null }, shifted.Shifted(-50) with { Wait = null });
    }

    [Theory]
    [InlineData(long.MaxValue - 10, 20, long.MaxValue)]
    [InlineData(long.MinValue + 10, -20, long.MinValue)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(-1, long.MinValue, long.MinValue)]
    [InlineData(5, long.MinValue, long.MinValue + 5)]
    [InlineData(0, long.MaxValue, long.MaxValue)]
    public void A_time_stays_in_the_range_of_times(long time, long byMs, long moved)
    {
        Event happened = Full(EventKind.Queued) with { AtMs = time, ExpiresAtMs = time, Wait = new WaitFacts { DeadlineMs = time } };
        Event shifted = happened.Shifted(byMs);
        Assert.Equal((moved, moved, moved), (shifted.AtMs, shifted.ExpiresAtMs, shifted.Wait!.DeadlineMs));
    }

    [Fact]
    public void How_many_leases_a_wait_asks_for_stays_without_them()
    {
        Event happened = Full(EventKind.Queued);
        Event short_ = happened with { Wait = happened.Wait!.WithoutWanted() };
        Assert.Equal((1, null), (short_.Shifted(5).Wait!.WantedCount, short_.Shifted(5).Wait!.Wanted));
    }

    /// <summary>Both agree on all but times; and what the replica holds lasts as long as it says, by the replica's clock.</summary>
    [Fact]
    public void A_replica_with_another_clock_agrees_on_all_but_times()
    {
        int checkedLeases = 0;
        for (int seed = 1; seed <= 60; seed++)
        {
            checkedLeases += RunOn(seed);
        }

        Assert.InRange(checkedLeases, 500, int.MaxValue);
    }

    // Its clock starts elsewhere, runs slower or faster, and stops now and then, as one that cannot reach the store.
    private static int RunOn(int seed)
    {
        List<Event> events = [];
        RandomDeeds deeds = new(seed);
        LeaseTable leader = new(1_000, crowdAbove: 3);
        LeaseTable replica = new(1_000, crowdAbove: 3);
        leader.SendEventsTo(new Gatherer(events));
        long now = deeds.Pick(10_000L, 50_000_000L, 4_000_000_000_000L);
        Dictionary<LeaseId, long> endsAtMs = [];
        int leases = 0;
        for (int i = 0; i < 400; i++)
        {
            deeds.Next(leader).Run(leader);
            now += deeds.Pick(0, 0, 0, 1, 7, 400);
            foreach (Event happened in events)
            {
                Event own = happened.Shifted(now - happened.AtMs);
                replica.Apply(own);
                if (happened.Kind is EventKind.Granted or EventKind.Renewed or EventKind.Changed)
                {
                    leases++;
                    Lease lease = replica.FindLease(happened.LeaseId)!;
                    endsAtMs[lease.Id] = now + lease.TtlMs;
                }
            }

            events.Clear();
            Assert.Equal(Facts.Of(leader, hasTimes: false), Facts.Of(replica, hasTimes: false));
            Assert.Equal(now, Math.Max(now, replica.NowMs));
            Assert.All(replica.ActiveLeases(0), lease => Assert.Equal(endsAtMs[lease.Id], lease.ExpiresAtMs));
            replica.CheckAll(leads: false);
        }

        LastTheirTtl(replica, endsAtMs);
        return leases;
    }

    // It takes over, and nobody renews any more.
    private static void LastTheirTtl(LeaseTable replica, Dictionary<LeaseId, long> endsAtMs)
    {
        List<Event> ends = [];
        replica.SendEventsTo(new Gatherer(ends));
        foreach (long end in endsAtMs.Values.Where(end => end > replica.NowMs + 1).Distinct().Order())
        {
            replica.Advance(end - 1);
            replica.Advance(end);
        }

        foreach (Event end in ends.Where(end => end.Kind == EventKind.Expired && endsAtMs.ContainsKey(end.LeaseId)))
        {
            Assert.True(end.AtMs >= endsAtMs[end.LeaseId], $"{end.LeaseId} ended {endsAtMs[end.LeaseId] - end.AtMs} ms too early");
        }
    }

    private static Event Full(EventKind kind) => new()
    {
        Sequence = 11,
        Kind = kind,
        AtMs = 1_000,
        AgentId = "a",
        Priority = 3,
        LeaseId = _id,
        FencingToken = 10,
        PreviousToken = 9,
        SessionId = "s",
        SeniorSince = 8,
        Passes = true,
        Resource = Request.File("f"),
        Predicate = Predicate.Mutates,
        TtlMs = 60,
        ExpiresAtMs = 2_000,
        Note = "why",
        RequestId = "r",
        BoundTo = new LeaseId(12),
        Wait = new WaitFacts
        {
            Id = new LeaseId(13),
            OwnerId = new LeaseId(14),
            Wanted = [new WantedLease(new LeaseId(15), Request.File("f"), Predicate.Mutates)],
            ChangesLease = true,
            DeadlineMs = 3_000,
            IsJoined = true,
            Successor = new LeaseId(16),
            Outcome = WaitOutcome.Closed,
        },
    };
}
