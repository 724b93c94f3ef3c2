using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Events;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>A journal that does not answer, or refuses, for a moment: what becomes of those who have asked meanwhile.</summary>
public sealed class OutageTests : IDisposable
{
    private const int MostEvents = 4;

    private readonly SharedJournal _journal = new() { MostEvents = MostEvents };
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private readonly Queue<Fault> _next = new();
    private readonly LeaseCoordinator _coordinator;
    private readonly StoreClient _klock;

    public OutageTests()
    {
        _coordinator = new LeaseCoordinator(
            new ReplicatedStore(_journal.Connect(NextFault), _clock, KernelRandom.Shared.Next()), KernelRandom.Shared);
        _klock = new StoreClient(_coordinator);
        Assert.True(_klock.Acquire("first", path: "first").Success);
    }

    public void Dispose()
    {
        _coordinator.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task Whoever_was_told_that_it_is_late_is_not_decided_for_afterwards()
    {
        // One append is under way, and many requests gather behind it: too many for one batch. The first half of them is sent, no answer
        // comes, and all are told so. It is sent again; but the other half must never be.
        const int Callers = 40;
        _gate.Reset();
        Task<Answer> before = Task.Factory.StartNew(() => _klock.Acquire("before", path: "before"), TaskCreationOptions.LongRunning);
        _next.Enqueue(Fault.None);
        _next.Enqueue(Fault.RequestLost);
        Task<Answer>[] asked = [.. Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () => _klock.Acquire($"a{caller}", path: $"{caller}"), TaskCreationOptions.LongRunning))];
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        _gate.Set();
        Answer[] answers = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True((await before).Success);

        int told = answers.Count(static answer => answer.Success);
        int late = answers.Count(static answer => answer.Code == "STORAGE_UNAVAILABLE");
        Assert.Equal(Callers, told + late);
        Assert.True(SpinWait.SpinUntil(() => _klock.Acquire("after", path: "after").Success, 10_000), "it does not come back");
        Assert.InRange(late, (2 * MostEvents) + 1, Callers);
        Assert.InRange(_klock.ActiveIds().Length - told - 3, 0, MostEvents);
    }

    [Fact]
    public async Task Who_waits_through_an_outage_waits_no_longer_than_was_asked()
    {
        Task<Answer> waiting = Task.Factory.StartNew(
            () => _klock.Ask(
                Operation.Acquire, Request.Acquire("later", path: "first").With("wait_ms", 60_000).ToString()),
            TaskCreationOptions.LongRunning);
        Assert.True(SpinWait.SpinUntil(() => _journal.All().SelectMany(static batch => batch.Events).Any(
            static happened => happened.Kind is EventKind.Queued or EventKind.Parked), 10_000));
        for (int i = 0; i < 5; i++)
        {
            Pass(seconds: 10);

            // Whoever asks first finds that the journal refuses, this test or who waits; then the state is loaded anew.
            lock (_next)
            {
                _next.Enqueue(Fault.Refused);
            }

            Assert.True(SpinWait.SpinUntil(() => _klock.Acquire($"other{i}", path: $"other{i}").Success && IsEmpty(), 10_000));
        }

        Assert.False(waiting.IsCompleted);
        Pass(seconds: 12);
        Answer late = await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(late.Success);
        Assert.NotEqual("STORAGE_UNAVAILABLE", late.Code);
    }

    [Fact]
    public async Task A_wait_that_was_given_up_in_an_outage_is_granted_to_nobody_afterwards()
    {
        // Another one waits on, and keeps alive whatever waits here. The journal is silent until the shorter wait is told that its time is
        // up; the clock by which the state ends waits stands still meanwhile.
        Task<Answer> longer = WaitAsync("longer", 600_000), shorter = WaitAsync("shorter", 5_000);
        Assert.True(SpinWait.SpinUntil(() => Waiting() == 2, 10_000));
        for (int i = 0; i < 3; i++)
        {
            _next.Enqueue(Fault.RequestLost);
        }

        _gate.Reset();
        Task<Answer> other = Task.Factory.StartNew(() => _klock.Acquire("other", path: "other"), TaskCreationOptions.LongRunning);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(6));
        _gate.Set();
        Assert.Equal("STORAGE_UNAVAILABLE", (await other).Code);
        Answer given = await shorter.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Contains("the time to wait is up", given.Error, StringComparison.Ordinal);
        Assert.True(SpinWait.SpinUntil(() => _klock.Acquire("after", path: "after").Success, 10_000));
        Assert.Null(_coordinator.Sweep());
        Assert.Equal(1, Waiting());
        Assert.False(longer.IsCompleted);
    }

    private Task<Answer> WaitAsync(string agent, int waitMs) => Task.Factory.StartNew(
        () => _klock.Ask(Operation.Acquire, Request.Acquire(agent, path: "first").With("wait_ms", waitMs).ToString()),
        TaskCreationOptions.LongRunning);

    private int Waiting() => _klock.Ask(Operation.ListWaiters, "{}").Json.GetProperty("data").GetArrayLength();

    // In steps, each with a sign of life of those who wait.
    private void Pass(int seconds)
    {
        for (int passed = 0; passed < seconds; passed += 2)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Null(_coordinator.Sweep());
        }
    }

    private bool IsEmpty()
    {
        lock (_next)
        {
            return _next.Count == 0;
        }
    }

    private Fault NextFault()
    {
        _gate.Wait();
        lock (_next)
        {
            return _next.TryDequeue(out Fault fault) ? fault : Fault.None;
        }
    }
}
