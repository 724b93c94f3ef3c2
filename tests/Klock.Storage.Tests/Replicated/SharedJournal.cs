using Klock.Coordinator.Stores.Replicated;

namespace Klock.Storage.Tests.Replicated;

/// <summary>A journal in memory that several stores share, without faults. Thread-safe.</summary>
internal sealed class SharedJournal
{
    // After so many batches a snapshot is wanted, so that tests of other things see some.
    private const int BatchesASnapshot = 12;

    private readonly Lock _lock = new();
    private readonly List<JournalBatch> _batches = [];
    private readonly List<Connection> _connections = [];

    /// <summary>How many events a batch may have.</summary>
    public int MostEvents { get; init; } = int.MaxValue;

    /// <summary>Whether it tells of appends, and of those that were too late.</summary>
    public bool TellsOfOthers { get; init; } = true;

    /// <summary>Whether batches and snapshots name no batch before them, as those of an older Klock.</summary>
    public bool NamesNone { get; set; }

    /// <summary>The last snapshot.</summary>
    public JournalSnapshot? Snapshot { get; set; }

    private long Head => _batches.Count == 0 ? 0 : _batches[^1].Events[^1].Sequence;

    /// <summary>A store's way to it.</summary>
    /// <param name="fault">What goes wrong with a call; null for nothing ever.</param>
    /// <param name="delay">How long a request is on its way, and as long its answer; null for no time.</param>
    public IJournal Connect(Func<Fault>? fault = null, TimeSpan? delay = null)
    {
        var connection = new Connection(this);
        lock (_lock)
        {
            _connections.Add(connection);
        }

        return fault is null && delay is null ? connection : new FaultyWay(connection, fault ?? (static () => Fault.None), delay);
    }

    /// <summary>All that was appended, in its order.</summary>
    public List<JournalBatch> All()
    {
        lock (_lock)
        {
            return [.. _batches];
        }
    }

    /// <summary>What was appended after so many batches is lost, as when a backup is restored.</summary>
    public void GoBackTo(int batches)
    {
        lock (_lock)
        {
            _batches.RemoveRange(batches, _batches.Count - batches);
            Snapshot = Snapshot?.Head > Head ? null : Snapshot;
        }
    }

    /// <summary>Only the last batches are kept beside a snapshot; who is further behind has to load that.</summary>
    public int KeptBatches { get; set; } = int.MaxValue;

    /// <summary>How many batches are brought at once to who has missed them.</summary>
    public int MostMissed { get; init; } = int.MaxValue;

    /// <summary>How often the state was loaded.</summary>
    public int Loads { get; private set; }

    /// <summary>How many appends came too late.</summary>
    public int Conflicts { get; private set; }

    private AppendAnswer Append(JournalBatch batch)
    {
        List<Connection> told;
        lock (_lock)
        {
            told = batch.Events.Count == 0 || !TellsOfOthers ? [] : [.. _connections];
            if (batch.After != Head)
            {
                Conflicts++;
                told.ForEach(each => each.Asked?.Invoke(new TurnWish(batch.Id.Writer, batch.Usual)));
                return AppendAnswer.Late(Missed(batch.After)?.Take(MostMissed).ToList(), Head);
            }

            if (batch.Events.Count == 0)
            {
                return AppendAnswer.Appended;
            }

            _batches.Add(batch with
            {
                Events = [.. batch.Events.Select(static happened => happened.Brief())], Before = NamesNone ? default : batch.Before,
            });
        }

        var moved = new HeadMove(batch.Id.Writer, batch.Events[^1].Sequence);
        told.ForEach(each => each.Changed?.Invoke(moved));
        return AppendAnswer.Appended;
    }

    // null: not kept any more, or nothing begins there.
    private List<JournalBatch>? Missed(long after)
    {
        lock (_lock)
        {
            List<JournalBatch> missed = Since(after);
            return missed.Count > KeptBatches || (missed.Count > 0 && missed[0].After != after) ? null : missed;
        }
    }

    private List<JournalBatch> Since(long after)
    {
        lock (_lock)
        {
            return _batches.FindAll(batch => batch.After >= after);
        }
    }

    private List<JournalBatch> Around(long number, int most)
    {
        lock (_lock)
        {
            List<JournalBatch> kept = [.. _batches.TakeLast(KeptBatches)];
            int next = kept.FindIndex(batch => batch.Events[0].Sequence > number) is >= 0 and var found ? found : kept.Count;
            return [.. kept.Skip(next - 1).Take(next > 0 ? most + 1 : most)];
        }
    }

    private JournalState Load()
    {
        lock (_lock)
        {
            Loads++;
            BatchId last = _batches.Count == 0 ? default : _batches[^1].Id;
            return new JournalState(Head, Snapshot, Since(Snapshot?.Head ?? 0), last);
        }
    }

    private bool IsLaterThanSnapshot(long head, int batches)
    {
        lock (_lock)
        {
            return head > (Snapshot?.Head ?? 0) && Since(Snapshot?.Head ?? 0).Count >= batches;
        }
    }

    private void Save(JournalSnapshot snapshot)
    {
        lock (_lock)
        {
            Snapshot = NamesNone ? snapshot with { Last = default } : snapshot;
        }
    }

    private sealed class Connection(SharedJournal journal) : IJournal
    {
        public Action<HeadMove?>? Changed { get; set; }

        public Action<TurnWish>? Asked { get; set; }

        public bool WantsSnapshot => journal.IsLaterThanSnapshot(long.MaxValue, BatchesASnapshot);

        public Task<JournalState> LoadAsync(CancellationToken cancel) => Task.FromResult(journal.Load());

        public bool Fits(JournalBatch batch) => batch.Events.Count <= journal.MostEvents;

        public Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel) => Task.FromResult(journal.Append(batch));

        public Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<JournalBatch>?>(journal.Missed(after));

        public Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<JournalBatch>>(journal.Around(number, most));

        public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) =>
            Task.FromResult(journal.IsLaterThanSnapshot(head, batches: 1));

        public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel)
        {
            if (journal.IsLaterThanSnapshot(snapshot.Head, batches: 1))
            {
                journal.Save(snapshot);
            }

            return Task.CompletedTask;
        }

        public void Dispose()
        {
            lock (journal._lock)
            {
                journal._connections.Remove(this);
            }
        }
    }
}
