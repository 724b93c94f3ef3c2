using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>
/// A journal that was restored from a backup, and that a server which knew nothing of it has taken past the numbers that others know: they
/// must not go on with it.
/// </summary>
public sealed class OtherHistoryTests : IDisposable
{
    private readonly SharedJournal _journal = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Queue<Fault> _faults = new();
    private readonly List<IDisposable> _opened = [];
    private readonly StoreClient _klock;
    private readonly string _kept;
    private readonly string _lost;

    // What is lost is two batches of one event.
    public OtherHistoryTests()
    {
        _klock = Open(() => _faults.TryDequeue(out Fault next) ? next : Fault.None);
        _kept = _klock.Acquire("a", path: "kept").LeaseId;
        int backup = _journal.All().Count;
        Assert.True(_klock.Acquire("a", path: "more").Success);
        _lost = _klock.Acquire("a", path: "lost").LeaseId;
        Assert.Equal(backup + 2, _journal.All().Count);
        Known = _journal.All()[^1].End;
        _journal.GoBackTo(backup);
    }

    public void Dispose() => _opened.ForEach(static each => each.Dispose());

    private JournalHead Known { get; }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void It_is_refused_until_that_is_accepted(bool isForgotten, bool fits)
    {
        if (isForgotten)
        {
            // After an append that failed the state is loaded again.
            _faults.Enqueue(Fault.Refused);
            Assert.Equal("STORAGE_UNAVAILABLE", _klock.Acquire("b", path: "lost").Code);
        }

        StoreClient fresh = PassBy(fits);
        Assert.Equal(fits, _journal.All().Any(batch => batch.After == Known.Sequence));
        for (int i = 0; i < 2; i++)
        {
            AssertRefused(_klock.Acquire("b", path: "lost"));
            AssertRefused(_klock.Get(_kept));
        }

        StoreClient accepting = Open(acceptsRestore: true);
        Assert.True(accepting.Acquire("c", path: "next").Success);
        Assert.True(_klock.Acquire("b", path: "lost").Success);
        Assert.Equal("UNKNOWN_LEASE", _klock.Get(_lost).Code);
        Assert.Equal(accepting.ActiveIds().Order(), _klock.ActiveIds().Order());
        Assert.Equal(accepting.ActiveIds().Order(), fresh.ActiveIds().Order());
    }

    // A failover jumps so too: who knows of events that it has lost must go on, and be told nothing of it.
    [Fact]
    public void Numbers_that_have_jumped_are_gone_on_with_at_once()
    {
        StoreClient accepting = Open(acceptsRestore: true);
        Assert.True(accepting.Acquire("c", path: "next").Success);
        Answer again = _klock.Acquire("b", path: "lost");
        Assert.True(again.Success, again.Text);
        Assert.Equal(accepting.ActiveIds().Order(), _klock.ActiveIds().Order());
    }

    [Fact]
    public void Numbers_that_jumped_long_after_they_were_passed_are_found()
    {
        StoreClient fresh = PassBy(fits: false);
        for (int i = 0; i < 300; i++)
        {
            Assert.True(fresh.Acquire("a", path: $"{i}").Success);
        }

        AssertRefused(_klock.Acquire("b", path: "lost"));
        Assert.True(Open(acceptsRestore: true).Acquire("c", path: "next").Success);
        Assert.Equal(fresh.ActiveIds().Order(), _klock.ActiveIds().Order());
    }

    // The jump begins at the very number that is known, after another batch: its state is another one.
    [Fact]
    public void Numbers_that_jump_from_the_same_one_are_those_of_another_state()
    {
        StoreClient fresh = Open();
        Assert.True(fresh.Acquire("a", path: "more").Success);
        Assert.True(fresh.Acquire("a", path: "other").Success);
        Assert.Equal(Known.Sequence, _journal.All()[^1].End.Sequence);
        StoreClient accepting = Open(acceptsRestore: true);
        Assert.True(accepting.Acquire("c", path: "next").Success);
        Assert.Equal(accepting.ActiveIds().Order(), _klock.ActiveIds().Order());
        Assert.Equal("UNKNOWN_LEASE", _klock.Get(_lost).Code);
    }

    [Fact]
    public void What_is_not_kept_any_more_tells_nothing()
    {
        StoreClient fresh = PassBy(fits: true);
        Assert.True(fresh.Acquire("a", path: "last").Success);
        _journal.KeptBatches = 1;
        Assert.Equal(fresh.ActiveIds().Order(), _klock.ActiveIds().Order());
    }

    [Fact]
    public void Of_what_is_kept_the_oldest_batch_still_tells_which_one_was_before_it()
    {
        PassBy(fits: true);
        _journal.KeptBatches = _journal.All().Count(batch => batch.After >= Known.Sequence);
        AssertRefused(_klock.Get(_kept));
    }

    [Fact]
    public void A_store_whose_history_is_the_same_goes_on_after_whatever_failed()
    {
        StoreClient other = PassBy(fits: true);
        for (int i = 0; i < 40; i++)
        {
            _journal.KeptBatches = i % 2 == 0 ? 2 : int.MaxValue;
            StoreClient another = Open(() => _faults.TryDequeue(out Fault next) ? next : Fault.None);
            Assert.True(another.Acquire("a", path: $"{i}").Success);
            _faults.Enqueue(i % 3 == 0 ? Fault.Refused : Fault.AnswerLost);
            another.Acquire("b", path: $"b/{i}");
            for (int more = 0; more < i % 4; more++)
            {
                Assert.True(other.Acquire("a", path: $"{i}/{more}").Success);
            }

            Assert.True(SpinWait.SpinUntil(() => another.Get(_kept).Success, 10_000));
            Assert.Equal(other.ActiveIds().Order(), another.ActiveIds().Order());
        }
    }

    // What older versions have written.
    [Fact]
    public void Batches_and_a_snapshot_that_name_none_are_read_and_followed()
    {
        var journal = new SharedJournal { NamesNone = true };
        StoreClient first = Open(journal), second = Open(journal);
        for (int i = 0; i < 30; i++)
        {
            Assert.True(first.Acquire("a", path: $"1/{i}").Success);
            Assert.True(second.Acquire("a", path: $"2/{i}").Success);
        }

        Assert.True(SpinWait.SpinUntil(() => journal.Snapshot is not null, 10_000));
        Assert.Equal(default, journal.Snapshot!.Last);
        Assert.All(journal.All(), static batch => Assert.Equal(default, batch.Before));
        Assert.Equal(first.ActiveIds().Order(), Open(journal).ActiveIds().Order());
        journal.NamesNone = false;
        Assert.True(first.Acquire("a", path: "new").Success);
        Assert.NotEqual(default, journal.All()[^1].Before);
        Assert.Equal(first.ActiveIds().Order(), second.ActiveIds().Order());
    }

    // As a store writes it that was slow, and has not noticed the restore.
    [Fact]
    public void A_snapshot_of_another_history_is_not_gone_on_from()
    {
        StoreClient fresh = PassBy(fits: true);
        while (_journal.Snapshot is null)
        {
            Assert.True(fresh.Acquire("a", path: $"{_journal.All().Count}").Success);
        }

        Assert.True(Open().Get(_kept).Success);
        _journal.Snapshot = _journal.Snapshot with { Last = Known.Last };
        Answer refused = Open().Get(_kept);
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.Contains("The journal does not go on from event ", refused.Error, StringComparison.Ordinal);
    }

    // By a server that knows nothing of what is lost, over the number of the last event of that.
    private StoreClient PassBy(bool fits)
    {
        StoreClient fresh = Open();
        if (fits)
        {
            Assert.True(fresh.Acquire("a", path: "more").Success);
            Assert.True(fresh.Acquire("a", path: "other").Success);
        }

        Assert.True(fresh.AcquireAll("a", [.. Enumerable.Range(0, 5).Select(path => Request.Intent("MUTATES", $"all/{path}"))]).Success);
        Assert.True(fresh.Acquire("a", path: "past").Success);
        return fresh;
    }

    private static void AssertRefused(Answer answer)
    {
        Assert.Equal("STORAGE_UNAVAILABLE", answer.Code);
        Assert.Contains("has gone back from event ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("klock serve --accept-restore", answer.Error, StringComparison.Ordinal);
    }

    private StoreClient Open(Func<Fault>? fault = null, bool acceptsRestore = false) => Open(_journal, fault, acceptsRestore);

    private StoreClient Open(SharedJournal journal, Func<Fault>? fault = null, bool acceptsRestore = false)
    {
        var store = new ReplicatedStore(journal.Connect(fault), _clock, KernelRandom.Shared.Next(), acceptsRestore);
        var coordinator = new LeaseCoordinator(store, KernelRandom.Shared);
        _opened.Add(coordinator);
        return new StoreClient(coordinator);
    }
}
