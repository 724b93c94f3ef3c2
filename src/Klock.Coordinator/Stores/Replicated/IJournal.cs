using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>
/// What several stores share: batches of events in one order. A batch is appended only by a store that has seen all before it, so that
/// every decision was made on all that was decided before.
/// </summary>
/// <remarks>
/// Calls come one at a time, but for <see cref="ReadAsync"/>. An answer that does not come is a <see cref="NoAnswerException"/>: what was
/// asked for may have happened. Every other exception says that nothing was appended, and that the journal cannot be used for now.
/// </remarks>
internal interface IJournal : IDisposable
{
    /// <summary>Called, on any thread, when others may have appended something. A hint: it may come late, twice, or not at all.</summary>
    Action? Changed { get; set; }

    /// <summary>Reads the whole state, as events that make it when they are applied to an empty table in their order.</summary>
    /// <param name="sink">Receives them. An end of a lease that it was not told of is one that is only remembered.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The number of the last event of the journal; 0 when there is none.</returns>
    Task<long> LoadAsync(IEventSink sink, CancellationToken cancel);

    /// <summary>
    /// Appends a batch if the journal's last event is still the one before it. A batch without events appends nothing, and proves that
    /// nothing was missed; the proof is no older than the call.
    /// </summary>
    /// <param name="batch">The batch. When there was no answer the same one may be appended once more: it gets there once.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel);

    /// <summary>Reads the batches after a number, as far as they are known where it asks; null when they are not kept any more.</summary>
    Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel);

    /// <summary>Passes the events after a number, which may be within a batch, to the sink.</summary>
    /// <returns>The number before the oldest event that is kept.</returns>
    Task<long> ReadAsync(long after, int limit, IEventSink sink, CancellationToken cancel);
}
