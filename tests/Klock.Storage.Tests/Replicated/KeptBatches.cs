using Klock.Coordinator.Stores.Replicated;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>What a real journal says of the batches that it keeps, and how a load fits to them.</summary>
internal static class KeptBatches
{
    /// <summary>Asserts that they, and the snapshot, name what is before them.</summary>
    /// <param name="journal">The journal, to which nobody appends now.</param>
    /// <param name="dropped">The number of an event that is not kept any more.</param>
    /// <param name="cancel">The test is over.</param>
    public static async Task CheckAsync(IJournal journal, long dropped, CancellationToken cancel)
    {
        JournalState state = await journal.LoadAsync(cancel);
        IReadOnlyList<JournalBatch> oldest = await journal.FetchAroundAsync(dropped, most: 2, cancel);
        Assert.Equal(2, oldest.Count);
        Assert.True(oldest[0].After > dropped);
        Assert.Equal(oldest[0].Id, oldest[1].Before);
        Assert.True(oldest[1].Follows(oldest[0].End));

        IReadOnlyList<JournalBatch> within = await journal.FetchAroundAsync(oldest[1].Events[0].Sequence, most: 1, cancel);
        Assert.Equal([oldest[1].Id, oldest[1].Id], within.Select((batch, i) => i == 0 ? batch.Id : batch.Before));
        JournalBatch last = Assert.Single(await journal.FetchAroundAsync(state.Head, most: 5, cancel));
        Assert.Equal(new JournalHead(state.Head, state.Last), last.End);

        // A later snapshot may be under way, which drops what the one before it ended with.
        IReadOnlyList<JournalBatch> snapped;
        do
        {
            state = await journal.LoadAsync(cancel);
            snapped = await journal.FetchAroundAsync(state.Snapshot!.Head, most: 1, cancel);
        }
        while (state.Snapshot.Head != (await journal.LoadAsync(cancel)).Snapshot!.Head);

        Assert.Equal(new JournalHead(state.Snapshot.Head, state.Snapshot.Last), snapped[0].End);
    }
}
