using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>
/// What a store knew of a journal before it forgot the state: whoever loads that anew must not go on with another history.
/// </summary>
/// <remarks>
/// An engine that was restored from a backup loses its last events, and a server that was started after that, and knew nothing of them,
/// may have gone past their numbers. What tells is the batch that ends at the last event that is known here. When it is not kept any more
/// nothing tells.
/// </remarks>
internal sealed class KnownHistory(IJournal journal)
{
    private const int ManyBatches = 128;

    private JournalHead _known;

    /// <summary>How far the state came that is forgotten now.</summary>
    public void Note(JournalHead known) => _known = known;

    /// <summary>Makes sure that the journal goes on from what was known, or that those who restored it, or a failover, have made its
    /// numbers jump above that.</summary>
    /// <exception cref="JournalWentBackException">It does not.</exception>
    public async Task EnsureAsync(CancellationToken cancel)
    {
        long known = _known.Sequence;
        if (known == 0 || GoesOn(await journal.FetchAroundAsync(known, most: 1, cancel)))
        {
            return;
        }

        for (long read = known; ;)
        {
            IReadOnlyList<JournalBatch> batches = await journal.FetchAroundAsync(read, ManyBatches, cancel);
            if (batches.Any(batch => Jumps(batch.Events[0], known)))
            {
                return;
            }

            if (batches.Count == 0 || batches[^1].End.Sequence <= read)
            {
                throw new JournalWentBackException(known);
            }

            read = batches[^1].End.Sequence;
        }
    }

    private bool GoesOn(IReadOnlyList<JournalBatch> batches)
    {
        JournalBatch? last = batches.FirstOrDefault(batch => batch.Events[0].Sequence <= _known.Sequence);
        JournalBatch? next = batches.FirstOrDefault(batch => batch.Events[0].Sequence > _known.Sequence);
        return last is null
            ? next is null || next.After > _known.Sequence || next.Follows(_known)
            : last.End.Sequence == _known.Sequence && _known.MayHave(last.Id);
    }

    // A journal that was begun anew has numbers above all that it ever gave, too.
    private static bool Jumps(in Event first, long known) =>
        first.Kind is EventKind.Resumed or EventKind.Created && first.Sequence > known;
}
