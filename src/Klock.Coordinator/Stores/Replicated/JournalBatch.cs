using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Events that are appended together.</summary>
/// <param name="Id">Which batch: the same when it is appended once more because no answer came.</param>
/// <param name="After">The number of the event before the first of it.</param>
/// <param name="Events">The events, with times of the writer's clock.</param>
internal sealed record JournalBatch(BatchId Id, long After, IReadOnlyList<Event> Events)
{
    /// <summary>How long its writer's appends take. Told to the others when it comes too late, so that they let it go first; not stored.
    /// </summary>
    public TimeSpan Usual { get; init; }
}

/// <summary>The name of a batch.</summary>
/// <param name="Writer">The store that decided it: 128 random bits.</param>
/// <param name="Number">How many that store has made.</param>
internal readonly record struct BatchId(LeaseId Writer, long Number);

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
