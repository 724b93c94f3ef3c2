using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Waits;
using Xunit;

namespace Klock.Kernel.Tests.Waits;

/// <summary>
/// A release costs what it grants, however many wait: counted in requests that are judged again, in every mixture of waits.
/// </summary>
public sealed class ReleaseCostTests
{
    private const int Many = 2_000;

    // A few for each grant, and a few more.
    private const int PerGrant = 8;
    private const int Beside = 40;

    private readonly LeaseTable _table = new(0);
    private readonly List<LeaseId> _granted = [];
    private ulong _lastId;
    private ulong _priority = 1_000_000;

    public ReleaseCostTests() => _table.ObserveWaits(new Granted(_granted));

    [Fact]
    public void One_name_a_queue()
    {
        Hold("hot");
        Queue(Many, _ => [("hot", Predicate.Mutates)]);
        DrainAndCount(200);
    }

    [Fact]
    public void One_name_a_queue_of_readers_and_writers()
    {
        Hold("hot");
        Queue(Many, i => [("hot", i % 5 == 0 ? Predicate.Mutates : Predicate.Consumes)]);
        DrainAndCount(400);
    }

    [Fact]
    public void One_name_many_are_parked()
    {
        Hold("hot");
        Park(Many, _ => [("hot", Predicate.Mutates)]);
        DrainAndCount(200);
    }

    [Fact]
    public void One_name_many_are_parked_and_elders_come()
    {
        Hold("hot");
        Park(Many, _ => [("hot", Predicate.Mutates)]);
        for (int i = 0; i < 200; i++)
        {
            // They queue, until somebody is senior.
            Ask(2, _ => [("hot", Predicate.Mutates)], older: true, holdsToo: false, isSure: false);
            ReleaseAndCount();
        }

        _table.CheckAll(leads: true);
    }

    [Fact]
    public void Many_readers_hold_and_many_writers_queue()
    {
        for (int i = 0; i < 500; i++)
        {
            Hold("hot", Predicate.Consumes);
        }

        Queue(Many, _ => [("hot", Predicate.Mutates)]);
        DrainAndCount(600);
    }

    [Fact]
    public void Many_readers_hold_and_many_writers_are_parked()
    {
        for (int i = 0; i < 500; i++)
        {
            Hold("hot", Predicate.Consumes);
        }

        Park(Many, _ => [("hot", Predicate.Mutates)]);
        DrainAndCount(520);
    }

    [Fact]
    public void A_subtree_is_read_twice_and_many_want_to_write_beneath()
    {
        Hold("dir/**", Predicate.Consumes);
        Hold("dir/**", Predicate.Consumes);
        Queue(Many, i => [($"dir/{i}", Predicate.Mutates)]);
        ReleaseAndCount();
        ReleaseAndCount();
        Assert.Equal(Many, _granted.Count);
    }

    [Fact]
    public void Many_want_a_subtree_of_which_files_are_held()
    {
        for (int i = 0; i < 300; i++)
        {
            Hold($"dir/{i}");
        }

        Queue(Many, _ => [("dir/**", Predicate.Mutates)]);
        DrainAndCount(320);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Manifests_over_a_hot_name_and_names_of_their_own(bool areQueued)
    {
        Hold("hot");
        Wait(areQueued, i => [($"own/{i}", Predicate.Mutates), ("hot", Predicate.Mutates)]);
        DrainAndCount(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Manifests_over_two_hot_names(bool areQueued)
    {
        Hold("hot");
        Hold("hotter");
        Wait(areQueued, _ => [("hot", Predicate.Mutates), ("hotter", Predicate.Mutates)]);
        DrainAndCount(200);
    }

    [Fact]
    public void Who_queues_holds_something_else()
    {
        Hold("hot");
        Queue(Many, _ => [("hot", Predicate.Mutates)], holdsToo: true);
        DrainAndCount(200);
    }

    [Fact]
    public void A_writer_is_cancelled_before_whom_many_readers_queue()
    {
        Hold("hot");
        LeaseId writer = Queue(1, _ => [("hot", Predicate.Mutates)]);
        Queue(Many, _ => [("hot", Predicate.Consumes)]);
        long before = _table.Judgements;
        _table.CancelWait(writer, nowMs: 0);
        Assert.InRange(_table.Judgements - before, 0, Beside);
    }

    [Fact]
    public void One_amid_the_queue_is_cancelled()
    {
        Hold("hot");
        Queue(Many / 2, _ => [("hot", Predicate.Mutates)]);
        LeaseId amid = Queue(1, _ => [("hot", Predicate.Mutates)]);
        Queue(Many / 2, _ => [("hot", Predicate.Mutates)]);
        long before = _table.Judgements;
        _table.CancelWait(amid, nowMs: 0);
        Assert.InRange(_table.Judgements - before, 0, Beside);
    }

    private void DrainAndCount(int releases)
    {
        for (int i = 0; i < releases && _granted.Count > 0; i++)
        {
            ReleaseAndCount();
        }

        _table.CheckAll(leads: true);
    }

    // First granted, first let go.
    private void ReleaseAndCount()
    {
        LeaseId lease = _granted[0];
        _granted.RemoveAt(0);
        (long before, int granted) = (_table.Judgements, _granted.Count);
        _table.Release(lease, nowMs: 0);
        Assert.InRange(_table.Judgements - before, 0, (PerGrant * (_granted.Count - granted)) + Beside);
    }

    private void Hold(string path, Predicate predicate = Predicate.Mutates)
    {
        string agent = NewAgent(older: false);
        _granted.Add(_table.Hold(agent, "s", Request.File(path), predicate, nowMs: 0).Id);
    }

    private void Wait(bool areQueued, Func<int, (string, Predicate)[]> wants)
    {
        if (areQueued)
        {
            Queue(Many, wants);
        }
        else
        {
            Park(Many, wants);
        }
    }

    private LeaseId Queue(int count, Func<int, (string, Predicate)[]> wants, bool holdsToo = false) =>
        Ask(count, wants, older: true, holdsToo);

    private void Park(int count, Func<int, (string, Predicate)[]> wants) => Ask(count, wants, older: false, holdsToo: false);

    private LeaseId Ask(
        int count, Func<int, (string Path, Predicate Predicate)[]> wants, bool older, bool holdsToo, bool isSure = true)
    {
        LeaseId last = default;
        for (int i = 0; i < count; i++)
        {
            string agent = NewAgent(older);
            if (holdsToo)
            {
                _table.Hold(agent, "s", Request.File($"too/{agent}"), Predicate.Mutates, nowMs: 0);
            }

            last = new LeaseId(++_lastId);
            var request = new AcquireRequest
            {
                AgentId = agent,
                SessionId = "s",
                Wanted = [.. wants(i).Select(want => new WantedLease(new LeaseId(++_lastId), Request.File(want.Path), want.Predicate))],
                TtlMs = 60_000,
                Wait = new WaitTerms(last, new LeaseId(ulong.MaxValue), 60_000),
            };
            _table.Acquire(request, nowMs: 0, out AcquireOutcome outcome);
            Assert.True(outcome.Waiter is { } waiter && (waiter.IsQueued == older || !isSure));
        }

        return last;
    }

    // Older than all before, or younger.
    private string NewAgent(bool older)
    {
        string agent = $"agent{++_lastId}";
        _table.RegisterAgent(agent, older ? --_priority : 2_000_000 + _lastId, nowMs: 0);
        return agent;
    }

    private sealed class Granted(List<LeaseId> granted) : IWaitObserver
    {
        public void Ended(Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases) =>
            granted.AddRange(leases.Select(lease => lease.Id));
    }
}
