using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>SPEC KLIS-4: a request repeated by its session under the same request_id gets the lease it already got.</summary>
public sealed class RequestIdTests
{
    private static readonly Resource _file = Request.File("a/b");
    private readonly LeaseTable _table = new(0);

    [Fact]
    public void A_repeated_request_gets_the_same_lease_renewed_with_the_ttl_that_it_has()
    {
        Lease first = Acquire("s", "r", _file, Predicate.Mutates, 10)!;
        long token = first.FencingToken;
        Assert.Equal(CommandStatus.Done, _table.Heartbeat(first.Id, 15, out _, ttlMs: 500));
        Lease again = Acquire("s", "r", Request.File("./a//b"), Predicate.Mutates, 20)!;
        Assert.Same(first, again);
        Assert.Equal((1, token, 20, 520), (_table.CountActive(20), again.FencingToken, again.LastHeartbeatMs, again.ExpiresAtMs));
    }

    [Fact]
    public void Without_an_id_every_request_is_a_new_one()
    {
        Assert.NotSame(Acquire("s", null, _file, Predicate.Mutates, 1), Acquire("s", null, _file, Predicate.Mutates, 1));
        Assert.NotSame(Acquire("s", "r1", _file, Predicate.Mutates, 1), Acquire("s", "r2", _file, Predicate.Mutates, 1));
        Assert.Equal(4, _table.CountActive(1));
    }

    [Fact]
    public void The_id_is_the_sessions_own()
    {
        Lease first = Acquire("s", "r", _file, Predicate.Consumes, 1)!;
        Assert.NotSame(first, Acquire("t", "r", _file, Predicate.Consumes, 1));
        Assert.NotSame(first, _table.Acquire("b", "s", _file, Predicate.Consumes, 1, requestId: "r").Lease);
        Assert.Equal(3, _table.CountActive(1));
    }

    [Theory]
    [InlineData("a/b", Predicate.Consumes)]
    [InlineData("a/c", Predicate.Mutates)]
    [InlineData("a/b/**", Predicate.Mutates)]
    public void An_id_used_for_something_else_is_an_error(string path, Predicate predicate)
    {
        Acquire("s", "r", _file, Predicate.Mutates, 1);
        CommandStatus status = _table.TryAcquire("a", "s", Request.File(path), predicate, 1, out _, requestId: "r");
        Assert.Equal(CommandStatus.RequestIdReused, status);
        Assert.Equal(1, _table.CountActive(1));
    }

    [Fact]
    public void A_refused_request_may_come_again_under_its_id()
    {
        Lease held = _table.Hold("b", "s", _file, Predicate.Mutates, 1);
        Assert.Null(Acquire("s", "r", _file, Predicate.Mutates, 1));
        Assert.Equal(CommandStatus.Done, _table.Release(held.Id, 1));
        Assert.NotNull(Acquire("s", "r", _file, Predicate.Mutates, 1));
    }

    [Fact]
    public void Once_the_lease_has_ended_its_id_asks_for_a_new_one()
    {
        Lease first = Acquire("s", "r", _file, Predicate.Mutates, 1)!;
        Assert.Equal(CommandStatus.Done, _table.Release(first.Id, 1));
        Lease second = Acquire("s", "r", _file, Predicate.Mutates, 1)!;
        Lease third = Acquire("s", "r", _file, Predicate.Mutates, second.ExpiresAtMs)!;
        Assert.Equal(3, new[] { first, second, third }.Select(lease => lease.Id).Distinct().Count());
        Assert.Equal(1, _table.CountActive(third.AcquiredAtMs));
    }

    private Lease? Acquire(string session, string? requestId, Resource resource, Predicate predicate, long nowMs) =>
        _table.Acquire("a", session, resource, predicate, nowMs, requestId: requestId).Lease;
}
