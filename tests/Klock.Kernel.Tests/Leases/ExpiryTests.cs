using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>SPEC KLIS-4: at its end a lease is over, swept or not, and a late holder is answered EXPIRED.</summary>
public sealed class ExpiryTests
{
    private const long HourMs = 60 * 60 * 1000;
    private static readonly Resource _file = Request.File("f");

    [Fact]
    public void A_lease_blocks_until_the_last_millisecond_and_not_in_the_one_it_ends()
    {
        LeaseTable table = new(0);
        table.Hold("a", "s", _file, Predicate.Mutates, 100, ttlMs: 50);
        Assert.Null(table.Acquire("b", "s", _file, Predicate.Mutates, 149).Lease);
        Assert.NotNull(table.Acquire("b", "s", _file, Predicate.Mutates, 150).Lease);
    }

    [Fact]
    public void What_is_over_is_not_counted_nor_listed_even_before_anything_sweeps_it()
    {
        LeaseTable table = new(0);
        table.Hold("a", "s", _file, Predicate.Mutates, 100, ttlMs: 50);
        Assert.Equal(1, table.CountActive(149));
        Assert.Single(table.ActiveLeases(149));
        Assert.Equal(0, table.CountActive(150));
        Assert.Empty(table.ActiveLeases(150));
        Assert.Equal(1, table.Advance(150));
        Assert.Equal(0, table.Advance(150));
    }

    [Fact]
    public void A_heartbeat_renews_from_now_until_the_last_millisecond()
    {
        LeaseTable table = new(0);
        Lease lease = table.Hold("a", "s", _file, Predicate.Mutates, 100, ttlMs: 50);
        Assert.Equal(CommandStatus.Done, table.Heartbeat(lease.Id, 149, out Lease? renewed));
        Assert.Equal((149, 199, 100), (renewed!.LastHeartbeatMs, renewed.ExpiresAtMs, renewed.AcquiredAtMs));
        Assert.Null(table.Acquire("b", "s", _file, Predicate.Mutates, 198).Lease);
        Assert.Equal(CommandStatus.LeaseExpired, table.Heartbeat(lease.Id, 199, out _));
    }

    [Fact]
    public void Whoever_comes_too_late_is_told_so()
    {
        LeaseTable table = new(0);
        Lease[] leases = [.. Enumerable.Range(0, 3).Select(_ => table.Hold("a", "s", _file, Predicate.Mutates, 100, ttlMs: 50))];
        Assert.Equal(CommandStatus.LeaseExpired, table.Heartbeat(leases[0].Id, 150, out _));
        Assert.Equal(CommandStatus.LeaseExpired, table.Release(leases[1].Id, 150));
        Assert.Equal(CommandStatus.LeaseExpired, table.Revoke(leases[2].Id, 150));
        Assert.All(leases, lease => Assert.Equal(LeaseState.Expired, lease.State));
    }

    [Fact]
    public void What_was_let_go_or_taken_away_is_unknown_afterwards()
    {
        LeaseTable table = new(0);
        Lease released = table.Hold("a", "s", Request.File("f"), Predicate.Mutates, 1);
        Lease revoked = table.Hold("a", "s", Request.File("g"), Predicate.Mutates, 1);
        Assert.Equal(CommandStatus.Done, table.Release(released.Id, 1));
        Assert.Equal(CommandStatus.Done, table.Revoke(revoked.Id, 1));
        foreach (LeaseId id in new[] { released.Id, revoked.Id, new LeaseId(UInt128.MaxValue) })
        {
            Assert.Equal(CommandStatus.UnknownLease, table.Heartbeat(id, 1, out _));
            Assert.Equal(CommandStatus.UnknownLease, table.Release(id, 1));
            Assert.Equal(CommandStatus.UnknownLease, table.Revoke(id, 1));
        }

        Assert.Equal((null, LeaseState.Revoked), (table.FindEnded(released.Id), table.FindEnded(revoked.Id)));
    }

    [Fact]
    public void A_clock_that_runs_back_neither_revives_a_lease_nor_shortens_one()
    {
        LeaseTable table = new(0);
        Lease over = table.Hold("a", "s", Request.File("f"), Predicate.Mutates, 100, ttlMs: 50);
        Assert.Equal(1, table.Advance(150));
        Assert.Equal(CommandStatus.LeaseExpired, table.Heartbeat(over.Id, 120, out _));
        Lease late = table.Hold("a", "s", Request.File("f"), Predicate.Mutates, 10, ttlMs: 50);
        Assert.Equal((150, 200), (late.AcquiredAtMs, late.ExpiresAtMs));
    }

    [Fact]
    public void Ended_leases_are_remembered_for_an_hour()
    {
        LeaseTable table = new(0);
        Lease first = table.Hold("a", "s", Request.File("f"), Predicate.Mutates, 0, ttlMs: 1);
        table.Advance(1);
        Lease second = table.Hold("a", "s", Request.File("f"), Predicate.Mutates, HourMs, ttlMs: 1);
        Assert.Equal(CommandStatus.LeaseExpired, table.Heartbeat(first.Id, HourMs + 1, out _));
        table.Hold("a", "s", Request.File("f"), Predicate.Mutates, HourMs + 1, ttlMs: 1);
        Assert.Equal(CommandStatus.UnknownLease, table.Heartbeat(first.Id, HourMs + 2, out _));
        Assert.Equal(CommandStatus.LeaseExpired, table.Heartbeat(second.Id, HourMs + 2, out _));
    }

    [Fact]
    public void Only_so_many_ended_leases_are_remembered_the_latest_ones()
    {
        LeaseTable table = new(0);
        IEnumerable<int> ttlsMs = Enumerable.Range(1, EndedLeases.Capacity + 10);
        Lease[] leases = [.. ttlsMs.Select(ttlMs => table.Hold("a", "s", Request.File($"f{ttlMs}"), Predicate.Mutates, 0, ttlMs))];
        table.Advance(leases.Length);
        Assert.All(leases[..10], lease => Assert.Null(table.FindEnded(lease.Id)));
        Assert.All(leases[10..], lease => Assert.Equal(LeaseState.Expired, table.FindEnded(lease.Id)));
    }
}
