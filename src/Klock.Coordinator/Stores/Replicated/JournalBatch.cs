using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Events that are appended together.</summary>
/// <param name="Id">Which batch: the same when it is appended once more because no answer came.</param>
/// <param name="After">The number of the event before the first of it.</param>
/// <param name="Events">The events, with times of the writer's clock.</param>
internal sealed record JournalBatch(BatchId Id, long After, IReadOnlyList<Event> Events)
{
    /// <summary>The batch that has the event <see cref="After"/>, as its writer knew it: two histories that have the same numbers differ in
    /// that. Default for the very first one, and where it is not known.</summary>
    public BatchId Before { get; init; }

    /// <summary>How long its writer's appends take. Told to the others when it comes too late, so that they let it go first; not stored.
    /// </summary>
    public TimeSpan Usual { get; init; }

    /// <summary>Where a journal is after it.</summary>
    public JournalHead End => new(Events[^1].Sequence, Id);

    /// <summary>Whether it was appended there, as far as that is known.</summary>
    public bool Follows(JournalHead head) => After == head.Sequence && head.MayHave(Before);
}

/// <summary>The name of a batch.</summary>
/// <param name="Writer">The store that decided it: 128 random bits.</param>
/// <param name="Number">How many that store has made.</param>
internal readonly record struct BatchId(LeaseId Writer, long Number);

/// <summary>How far a journal goes.</summary>
/// <param name="Sequence">The number of its last event; 0 when it has none.</param>
/// <param name="Last">The batch that it came with; default when that is not known.</param>
internal readonly record struct JournalHead(long Sequence, BatchId Last)
{
    /// <summary>Whether that may be the last batch: not when it is known to be another one.</summary>
    public bool MayHave(BatchId last) => last == default || Last == default || last == Last;
}

/// <summary>What became of a batch.</summary>
/// <param name="IsAppended">Whether it is in the journal.</param>
/// <param name="Missed">If not: the batches that its writer has not seen, the oldest first; null when they are not kept any more.</param>
/// <param name="IsAll">Whether those are all that there were.</param>
internal readonly record struct AppendAnswer(bool IsAppended, IReadOnlyList<JournalBatch>? Missed, bool IsAll = true)
{
    /// <summary>It is in the journal.</summary>
    public static AppendAnswer Appended => new(IsAppended: true, Missed: []);

    /// <summary>It came too late.</summary>
    /// <param name="missed">The batches that its writer has not seen, or some of the first of them; null when they are not kept any more.
    /// </param>
    /// <param name="head">The number of the last event.</param>
    public static AppendAnswer Late(IReadOnlyList<JournalBatch>? missed, long head) =>
        new(IsAppended: false, missed, IsAll: missed is null or [] || missed[^1].Events[^1].Sequence == head);
}
