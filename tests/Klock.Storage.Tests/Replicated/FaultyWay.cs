using Klock.Coordinator.Stores.Replicated;

namespace Klock.Storage.Tests.Replicated;

/// <summary>A way to a journal that is long, or on which calls are lost.</summary>
/// <param name="journal">The journal; owned.</param>
/// <param name="fault">What goes wrong with a call.</param>
/// <param name="delay">How long an append is on its way, and as long its answer; null for no time.</param>
internal sealed class FaultyWay(IJournal journal, Func<Fault> fault, TimeSpan? delay) : IJournal
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

    public bool WantsSnapshot => journal.WantsSnapshot;

    public async Task<JournalState> LoadAsync(CancellationToken cancel)
    {
        await FailAsync(fault(), cancel);
        return await journal.LoadAsync(cancel);
    }

    public bool Fits(JournalBatch batch) => journal.Fits(batch);

    public async Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        Fault wrong = fault();
        await FailAsync(wrong, cancel);
        await TravelAsync(cancel);
        AppendAnswer answer = await journal.AppendAsync(batch, cancel);
        await TravelAsync(cancel);
        if (wrong == Fault.Late)
        {
            await Task.Yield();
        }

        return wrong == Fault.AnswerLost ? throw new NoAnswerException("the answer is lost") : answer;
    }

    public Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel) => journal.FetchAsync(after, cancel);

    public Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel) =>
        journal.FetchAroundAsync(number, most, cancel);

    public Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel) => journal.ClaimSnapshotAsync(head, cancel);

    public Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel) => journal.SaveSnapshotAsync(snapshot, cancel);

    public void Dispose() => journal.Dispose();

    private Task TravelAsync(CancellationToken cancel) => delay is { } way ? Task.Delay(way, cancel) : Task.CompletedTask;

    private static async Task FailAsync(Fault wrong, CancellationToken cancel)
    {
        if (wrong is Fault.RequestLost)
        {
            throw new NoAnswerException("the request is lost");
        }

        if (wrong is Fault.Refused)
        {
            throw new IOException("the journal refuses");
        }

        if (wrong is Fault.Late)
        {
            await Task.Delay(1, cancel);
        }
    }
}

/// <summary>What goes wrong with a call.</summary>
internal enum Fault
{
    None,
    RequestLost,
    AnswerLost,
    Refused,
    Late,
}
