using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>What a journal has.</summary>
/// <param name="Head">The number of its last event; 0 when it has none.</param>
/// <param name="Snapshot">The last snapshot; null for none.</param>
/// <param name="Batches">All batches after it.</param>
/// <param name="Last">The batch that the last event came with: of a journal that has only a snapshot, too.</param>
internal sealed record JournalState(long Head, JournalSnapshot? Snapshot, IReadOnlyList<JournalBatch> Batches, BatchId Last)
{
    /// <summary>Of a journal that has nothing.</summary>
    public static JournalState Empty { get; } = new(0, null, [], default);
}

/// <summary>The state at one number, which stands for all events up to it.</summary>
/// <param name="Head">The number.</param>
/// <param name="State">What makes the state; see <see cref="Kernel.LeaseTable.WriteState"/>.</param>
/// <param name="Shown">The last of the events up to there, complete, for whoever reads what happened.</param>
/// <param name="ShownAfter">The number before the first of those.</param>
internal sealed record JournalSnapshot(long Head, IReadOnlyList<Event> State, IReadOnlyList<Event> Shown, long ShownAfter)
{
    /// <summary>The batch that the event of that number came with; default in a snapshot of an older Klock, which did not write it down.
    /// </summary>
    public BatchId Last { get; init; }
}
