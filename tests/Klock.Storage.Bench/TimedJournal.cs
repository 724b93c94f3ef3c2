using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;

namespace Klock.Storage.Bench;

/// <summary>Counts what a store asks of its journal, and takes the time of it.</summary>
internal sealed class TimedJournal(IJournal journal) : IJournal
{
    private static readonly TimeProvider _time = TimeProvider.System;

    public Action<HeadMove?>? Changed
    {
        get => journal.Changed;
        set => journal.Changed = value;
    }

    public Action<TurnWish>? Asked
    {
        get => journal.Asked;
        set => journal.Asked = value;
    }

    public StoreRoom? Room => journal.Room;

    public bool WantsSnapshot => journal.WantsSnapshot;

    /// <summary>How many batches were appended.</summary>
    public long Appended { get; private set; }

    /// <summary>How many came too late, so that all in them was decided again.</summary>
    public long Late { get; private set; }

    /// <summary>How long the store waited for answers, flushes included.</summary>
    public TimeSpan Waited { get; private set; }

    public Task<JournalState> LoadAsync(CancellationToken cancel) => journal.LoadAsync(cancel);

    public bool Fits(JournalBatch batch) => journal.Fits(batch);

    public async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        AppendAnswer answer = await journal.AppendAsync(batch, cancel);
        Waited += _time.GetElapsedTime(start);
        Appended += answer.IsAppended ? 1 : 0;
        Late += answer.IsAppended ? 0 : 1;
        return answer;
    }

    public Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel) => journal.FetchAsync(after, cancel);

    public Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel) =>
        journal.FetchAroundAsync(number, most, cancel);

    public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) => journal.ClaimSnapshotAsync(head, cancel);

    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel) => journal.SaveSnapshotAsync(snapshot, cancel);

    public void Dispose() => journal.Dispose();
}
