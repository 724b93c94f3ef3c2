using BenchmarkDotNet.Attributes;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;

namespace Klock.Kernel.Bench;

/// <summary>One name that many wait for. Each operation leaves as many behind as it found.</summary>
public class HotNameBenchmarks : IWaitObserver
{
    public const int Most = 10_000;

    private readonly Resource _hot = Table.File("/hot");
    private readonly WantedLease[] _wanted = new WantedLease[1];
    private readonly LeaseId _process = new(ulong.MaxValue);
    private LeaseTable _queued = new(0);
    private LeaseTable _cycling = new(0);
    private LeaseId _holdsQueued;
    private LeaseId _holdsCycling;
    private string _holder = "";
    private ulong _lastId;
    private ulong _priority = ulong.MaxValue / 2;

    public static IEnumerable<int> Sizes => [10, 100, 1_000, Most];

    [ParamsSource(nameof(Sizes))]
    public int Waiting { get; set; }

    /// <summary>Each older than the one before, so that all of them queue.</summary>
    [GlobalSetup(Targets = [nameof(ReleaseAndGrantInQueue), nameof(JoinAndLeaveQueue), nameof(Refuse), nameof(KeepAlive)])]
    public void LetThemQueue()
    {
        _queued = NewTable();
        _holdsQueued = Ask(_queued, "holder", _priority).Lease;
        _holder = "holder";
        for (int i = 0; i < Waiting; i++)
        {
            Ask(_queued, $"agent{i}", --_priority);
        }
    }

    /// <summary>Of any age, as they come.</summary>
    [GlobalSetup(Target = nameof(ReleaseGrantAndAskAgain))]
    public void LetThemCycle()
    {
        _cycling = NewTable();
        _holdsCycling = Ask(_cycling, "agent0", 0).Lease;
        _holder = "agent0";
        var random = new Random(1);
        for (int i = 1; i <= Waiting; i++)
        {
            Ask(_cycling, $"agent{i}", (ulong)random.NextInt64(1_000_000));
        }
    }

    /// <summary>The holder releases, the first in the queue is granted, and an elder of all joins the end.</summary>
    [Benchmark]
    public void ReleaseAndGrantInQueue()
    {
        string last = _holder;
        _queued.Release(_holdsQueued, Table.NowMs);
        Ask(_queued, last, --_priority);
    }

    /// <summary>The holder releases, the next in turn is granted, and the holder asks again: most are parked, and grow senior.</summary>
    [Benchmark]
    public void ReleaseGrantAndAskAgain()
    {
        string last = _holder;
        _cycling.Release(_holdsCycling, Table.NowMs);
        Ask(_cycling, last, priority: null);
    }

    /// <summary>An elder of all joins the end of the queue, and goes away.</summary>
    [Benchmark]
    public void JoinAndLeaveQueue()
    {
        LeaseId wait = Ask(_queued, "passer-by", --_priority).Wait;
        _queued.CancelWait(wait, Table.NowMs);
    }

    /// <summary>A request that does not wait is refused with who is in the way: sixteen of them, and how many.</summary>
    [Benchmark]
    public int Refuse() => _queued.Declare("stranger", "session", [new Intent(Predicate.Mutates, _hot)], Table.NowMs).Total;

    /// <summary>A keep-alive of the process through which all of them wait.</summary>
    [Benchmark]
    public void KeepAlive() => _queued.KeepWaitsAlive(_process, Table.NowMs);

    public void Ended(Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases)
    {
        if (outcome == WaitOutcome.Granted)
        {
            _holder = waiter.Session.Agent.Id;
            (_holdsQueued, _holdsCycling) = (leases[0].Id, leases[0].Id);
        }
    }

    private LeaseTable NewTable()
    {
        var table = new LeaseTable(0);
        table.ObserveWaits(this);
        return table;
    }

    private (LeaseId Wait, LeaseId Lease) Ask(LeaseTable table, string agent, ulong? priority)
    {
        if (priority is { } age)
        {
            table.RegisterAgent(agent, age, Table.NowMs);
        }

        var wait = new LeaseId(++_lastId);
        _wanted[0] = new WantedLease(new LeaseId(++_lastId), _hot, Predicate.Mutates);
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = "session",
            Wanted = _wanted,
            TtlMs = Table.TtlMs,
            Wait = new WaitTerms(wait, _process, Table.TtlMs),
        };
        table.Acquire(request, Table.NowMs, out AcquireOutcome outcome);
        return (wait, outcome.IsGranted ? outcome.Leases[0].Id : default);
    }
}
