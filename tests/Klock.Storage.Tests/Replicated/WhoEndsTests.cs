using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>Which of two servers ends by itself what is due: who wrote the last of it, at its time; the other one a second later.</summary>
public sealed class WhoEndsTests : IDisposable
{
    private static readonly LeaseId _a = new(1);
    private static readonly LeaseId _b = new(2);

    private readonly SharedJournal _journal = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly LeaseCoordinator _serverA;
    private readonly LeaseCoordinator _serverB;
    private readonly StoreClient _onA;
    private readonly StoreClient _onB;
    private readonly string _lease;

    public WhoEndsTests()
    {
        (_serverA, _serverB) = (Open(_a), Open(_b));
        (_onA, _onB) = (new StoreClient(_serverA), new StoreClient(_serverB));
        Assert.Empty(_onB.ActiveIds());
        _lease = _onA.Acquire("holder", path: "x", ttl: 60_000).LeaseId;
        Assert.Single(_onB.ActiveIds());
    }

    public void Dispose()
    {
        _serverA.Dispose();
        _serverB.Dispose();
    }

    [Fact]
    public void Who_granted_a_lease_ends_it_at_its_time_and_no_other()
    {
        Pass(59_999);
        Sweep(_serverA, _serverB);
        Assert.Null(EndedBy(EventKind.Expired));
        Pass(1);
        Sweep(_serverB);
        Assert.Null(EndedBy(EventKind.Expired));
        Sweep(_serverA);
        Assert.Equal(_a, EndedBy(EventKind.Expired));
    }

    [Fact]
    public void Others_end_it_a_second_later()
    {
        Pass(60_999);
        Sweep(_serverB);
        Assert.Null(EndedBy(EventKind.Expired));
        Pass(1);
        Sweep(_serverB);
        Assert.Equal(_b, EndedBy(EventKind.Expired));
    }

    [Fact]
    public void Who_renewed_it_last_ends_it()
    {
        Pass(30_000);
        Assert.True(_onB.Heartbeat(_lease).Success);
        Assert.Single(_onA.ActiveIds());
        Pass(60_000);
        Sweep(_serverA);
        Assert.Null(EndedBy(EventKind.Expired));
        Sweep(_serverB);
        Assert.Equal(_b, EndedBy(EventKind.Expired));
    }

    [Fact]
    public void Who_asks_is_told_that_it_has_ended_at_its_time()
    {
        Pass(60_000);
        Assert.True(_onB.Acquire("other", path: "x").Success);
        Assert.Equal(_b, EndedBy(EventKind.Expired));
    }

    [Fact]
    public void A_wait_ends_at_its_time_though_another_server_has_not_ended_its_lease()
    {
        Waiting waiting = _onB.Wait("other", path: "x", waitMs: 60_000);
        Waiting behind = _onB.Wait("third", path: "x", waitMs: 60_500);
        Stay(60_000);
        Answer first = waiting.Answered();
        Assert.False(first.Success);
        Stay(500);
        Assert.True(behind.Look() is { }, "it waits on");
    }

    [Fact]
    public void What_was_loaded_is_ended_a_second_later()
    {
        using LeaseCoordinator serverC = Open(new LeaseId(3));
        Assert.Single(new StoreClient(serverC).ActiveIds());
        Pass(60_000);
        Sweep(serverC);
        Assert.Null(EndedBy(EventKind.Expired));
        Pass(1_000);
        Sweep(serverC);
        Assert.Equal(new LeaseId(3), EndedBy(EventKind.Expired));
    }

    [Fact]
    public void A_lease_that_is_renewed_very_often_is_ended_once()
    {
        for (int i = 0; i < 5_000; i++)
        {
            Pass(1);
            Assert.True(_onA.Heartbeat(_lease).Success);
        }

        Pass(59_999);
        Sweep(_serverA);
        Assert.Null(EndedBy(EventKind.Expired));
        Pass(1);
        Sweep(_serverA);
        Assert.Equal(_a, EndedBy(EventKind.Expired));
    }

    private static void Sweep(params LeaseCoordinator[] servers) => Array.ForEach(servers, static server => Assert.Null(server.Sweep()));

    private LeaseCoordinator Open(LeaseId owner) =>
        new(new ReplicatedStore(_journal.Connect(), _clock, owner), KernelRandom.Shared);

    private void Pass(int ms) => _clock.Advance(TimeSpan.FromMilliseconds(ms));

    // In steps, each with a sign of life of those who wait at the second server.
    private void Stay(int ms)
    {
        for (int left = ms; left > 0; left -= 500)
        {
            Pass(500);
            Sweep(_serverB);
        }
    }

    // null: nobody has yet.
    private LeaseId? EndedBy(EventKind how)
    {
        List<JournalBatch> ends = _journal.All().FindAll(batch => batch.Events.Any(happened => happened.Kind == how));
        Assert.InRange(ends.Count, 0, 1);
        return ends.Count == 0 ? null : ends[0].Id.Writer;
    }
}
