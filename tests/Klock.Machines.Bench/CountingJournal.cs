using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;

namespace Klock.Machines.Bench;

/// <summary>Counts what is asked of a journal.</summary>
internal sealed class CountingJournal(IJournal journal) : IJournal
{
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

    /// <summary>How many appends there were.</summary>
    public int Appends { get; private set; }

    /// <summary>How many of them came too late.</summary>
    public int Late { get; private set; }

    /// <summary>How often batches of others were read without an append.</summary>
    public int Fetches { get; private set; }

    /// <summary>The last batch with events that was appended.</summary>
    public JournalBatch? Last { get; private set; }

    public Task<JournalState> LoadAsync(CancellationToken cancel) => journal.LoadAsync(cancel);

    public bool Fits(JournalBatch batch) => journal.Fits(batch);

    public async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        AppendAnswer answer = await journal.AppendAsync(batch, cancel);
        Appends++;
        if (!answer.IsAppended)
        {
            Late++;
        }
        else if (batch.Events.Count > 0)
        {
            Last = batch;
        }

        return answer;
    }

    public Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel)
    {
        Fetches++;
        return journal.FetchAsync(after, cancel);
    }

    public Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel) =>
        journal.FetchAroundAsync(number, most, cancel);

    public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) => journal.ClaimSnapshotAsync(head, cancel);

    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel) => journal.SaveSnapshotAsync(snapshot, cancel);

    public void Dispose() => journal.Dispose();
}
