using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;

namespace Klock.Storage.Tests.Replicated;

/// <summary>A journal that passes everything on to another one. Those made of it count, take the time, or fail.</summary>
/// <param name="journal">The other one; owned.</param>
internal abstract class ForwardingJournal(IJournal journal) : IJournal
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

    public virtual Task<JournalState> LoadAsync(CancellationToken cancel) => journal.LoadAsync(cancel);

    public bool Fits(JournalBatch batch) => journal.Fits(batch);

    public virtual Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel) => journal.AppendAsync(batch, cancel);

    public virtual Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel) => journal.FetchAsync(after, cancel);

    public Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel) =>
        journal.FetchAroundAsync(number, most, cancel);

    public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) => journal.ClaimSnapshotAsync(head, cancel);

    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel) => journal.SaveSnapshotAsync(snapshot, cancel);

    public void Dispose() => journal.Dispose();
}
