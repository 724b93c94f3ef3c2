using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Waits;
using Xunit;

namespace Klock.Kernel.Tests.Waits;

/// <summary>Forty agents take turns on one name, in virtual time: 5 ms of work each, up to 10 ms apart (KLIS-8, ageing).</summary>
public sealed class FairnessTests(ITestOutputHelper output)
{
    private const int Agents = 40;
    private const long WorkMs = 5;
    private const int LongestPauseMs = 10;
    private const long RunMs = 60_000;

    private readonly LeaseTable _table = new(0);
    private readonly PriorityQueue<(int Agent, LeaseId Lease), (long AtMs, int Order)> _due = new();
    private readonly Dictionary<LeaseId, (int Agent, long SinceMs)> _waits = [];
    private readonly int[] _grants = new int[Agents];
    private uint _random = 1;
    private ulong _lastId;
    private int _order;
    private long _nowMs;
    private long _longestWaitMs;

    [Theory]
    [InlineData(Predicate.Mutates, 1.2)]
    [InlineData(Predicate.Provides, 1.2)]
    public void Everybody_gets_nearly_as_many_turns_and_waits_for_little_more_than_a_round(Predicate predicate, double mostToFewest)
    {
        _table.ObserveWaits(new Observer(this));
        for (int agent = 0; agent < Agents; agent++)
        {
            _table.RegisterAgent(Name(agent), (ulong)agent, nowMs: 0);
            _due.Enqueue((agent, default), (Pause(), _order++));
        }

        while (_due.TryDequeue(out (int Agent, LeaseId Lease) next, out (long AtMs, int) when) && when.AtMs < RunMs)
        {
            _nowMs = when.AtMs;
            Act(next.Agent, next.Lease, predicate);
        }

        output.WriteLine($"{_grants.Min()} to {_grants.Max()} grants each, longest wait {_longestWaitMs} ms");
        Assert.InRange((double)_grants.Max() / _grants.Min(), 1, mostToFewest);
        Assert.InRange(_longestWaitMs, 1, (long)(1.5 * Agents * WorkMs));
        Assert.InRange(_grants.Sum(), 0.9 * RunMs / WorkMs, RunMs / WorkMs);
    }

    private static string Name(int agent) => $"agent{agent:00}";

    private void Act(int agent, LeaseId held, Predicate predicate)
    {
        if (held != default)
        {
            Assert.Equal(CommandStatus.Done, _table.Release(held, _nowMs));
            _due.Enqueue((agent, default), (_nowMs + Pause(), _order++));
            return;
        }

        var wait = new WaitTerms(new LeaseId(++_lastId), new LeaseId(ulong.MaxValue), RunMs);
        _waits.Add(wait.WaitId, (agent, _nowMs));
        var request = new AcquireRequest
        {
            AgentId = Name(agent),
            SessionId = "s",
            Wanted = [new WantedLease(new LeaseId(++_lastId), Request.File("hot"), predicate)],
            TtlMs = RunMs,
            Wait = wait,
        };
        _table.KeepWaitsAlive(wait.OwnerId, _nowMs);
        _table.Acquire(request, _nowMs, out AcquireOutcome outcome);
        if (outcome.Lease is { } lease)
        {
            _waits.Remove(wait.WaitId);
            Granted(agent, lease.Id, waitedMs: 0);
        }
    }

    private void Granted(int agent, LeaseId lease, long waitedMs)
    {
        _grants[agent]++;
        _longestWaitMs = Math.Max(_longestWaitMs, waitedMs);
        _due.Enqueue((agent, lease), (_nowMs + WorkMs, _order++));
    }

    // Any sequence will do: this one is Numerical Recipes' quick and dirty generator.
    private long Pause()
    {
        _random = unchecked((_random * 1664525) + 1013904223);
        return (_random >> 16) % (LongestPauseMs + 1);
    }

    private sealed class Observer(FairnessTests test) : IWaitObserver
    {
        public void Ended(Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases)
        {
            Assert.Equal(WaitOutcome.Granted, outcome);
            test._waits.Remove(waiter.Id, out (int Agent, long SinceMs) wait);
            test.Granted(wait.Agent, leases[0].Id, test._nowMs - wait.SinceMs);
        }
    }
}
