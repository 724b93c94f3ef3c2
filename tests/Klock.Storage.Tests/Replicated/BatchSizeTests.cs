using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>A journal that takes small batches only: what was gathered is cut, and so is what is due.</summary>
public sealed class BatchSizeTests : IDisposable
{
    private const int MostEvents = 4;

    private readonly SharedJournal _journal = new() { MostEvents = MostEvents };
    private readonly FakeTimeProvider _clock = new();
    private readonly LeaseCoordinator _coordinator;
    private readonly StoreClient _klock;

    public BatchSizeTests()
    {
        _coordinator = new LeaseCoordinator(
            new ReplicatedStore(_journal.Connect(), _clock, KernelRandom.Shared.Next()), KernelRandom.Shared);
        _klock = new StoreClient(_coordinator);
    }

    public void Dispose() => _coordinator.Dispose();

    [Fact]
    public async Task Commands_that_come_together_are_appended_in_several_batches()
    {
        const int Callers = 64;
        Task[] asked = [.. Enumerable.Range(0, Callers).Select(caller => Harness.Callers.Start(
            () => Assert.True(_klock.Acquire($"a{caller}", path: $"{caller}").Success)))];
        await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(Callers, _klock.ActiveIds().Length);
        Assert.All(_journal.All(), static batch => Assert.InRange(batch.Events.Count, 1, MostEvents));
    }

    [Fact]
    public void One_command_with_more_is_tried_all_the_same()
    {
        Assert.True(_klock.AcquireAll("a", [.. Enumerable.Range(0, 50).Select(path => Request.Intent("MUTATES", $"{path}"))]).Success);
        Assert.True(_klock.EndSession("a").Success);
        Assert.Empty(_klock.ActiveIds());
    }

    [Fact]
    public async Task All_whom_one_release_frees_are_granted_in_parts()
    {
        const int Waiters = 60;
        string lease = _klock.Acquire("holder", path: "one").LeaseId;
        Task<Answer>[] asked = [.. Enumerable.Range(0, Waiters).Select(i => Harness.Callers.Start(() => _klock.Ask(
            Operation.Acquire, Request.Acquire($"w{i}", "CONSUMES", "one").With("wait_ms", 60_000).ToString())))];
        Assert.True(SpinWait.SpinUntil(() => _klock.Waiters().Length == Waiters, 60_000), "not all wait");
        Assert.True(_klock.Release(lease).Success);
        Answer[] granted = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.All(granted, static answer => Assert.True(answer.Success, answer.Text));
        Assert.Equal(Waiters, _klock.ActiveIds().Length);
        Assert.All(_journal.All(), static batch => Assert.InRange(batch.Events.Count, 1, MostEvents));
    }

    /// <summary>What is brought at once is not all that was missed.</summary>
    [Fact]
    public void Who_has_missed_much_answers_when_all_of_it_is_followed()
    {
        var journal = new SharedJournal { MostMissed = 1, TellsOfOthers = false };
        using LeaseCoordinator one = Open(journal), other = Open(journal);
        var klock = new StoreClient(one);
        Assert.Empty(new StoreClient(other).ActiveIds());
        for (int i = 0; i < 5; i++)
        {
            Assert.True(klock.Acquire("a", path: $"{i}").Success);
        }

        Assert.Equal(5, new StoreClient(other).ActiveIds().Length);
    }

    private LeaseCoordinator Open(SharedJournal journal) =>
        new(new ReplicatedStore(journal.Connect(), _clock, KernelRandom.Shared.Next()), KernelRandom.Shared);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_due_in_thousands_is_ended_in_parts(bool somebodyWaits)
    {
        const int Leases = 5_000;
        string held = _klock.Acquire("holder", path: "held").LeaseId;
        for (int i = 0; i * 250 < Leases; i++)
        {
            object[] files = [.. Enumerable.Range(0, 250).Select(path => Request.Intent("MUTATES", $"{i}/{path}"))];
            _klock.Ask(Operation.AcquireAll, Request.Declare("a", "s", files).With("ttl", 3_000).ToString());
        }

        Task<Answer>? waiting = somebodyWaits ? await WaitForAsync("held") : null;
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([held], _klock.ActiveIds());
        Assert.InRange(_journal.All().Max(static batch => batch.Events.Count), 1_000, 2_500);

        // Who waits gives signs of life in between.
        JournalBatch last = _journal.All().Last(static batch => batch.Events.Count > 100);
        Assert.Equal("EXPIRED", _klock.Events(last.Events[0].Sequence - 1)[0].GetProperty("kind").GetString());
        Assert.True(_klock.Release(held).Success);
        if (waiting is not null)
        {
            Answer granted = await waiting.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            Assert.True(granted.Success, granted.Text);
        }
    }

    private async Task<Task<Answer>> WaitForAsync(string path)
    {
        Task<Answer> waiting = Harness.Callers.Start(() => _klock.Ask(
            Operation.Acquire, Request.Acquire("waiter", path: path).With("wait_ms", 3_600_000).ToString()));
        while (_klock.Waiters().Length == 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return waiting;
    }
}
