namespace Klock.Coordinator.Stores.Replicated;

/// <summary>
/// What several stores share: batches of events in one order. A batch is appended only by a store that has seen all before it, so that
/// every decision was made on all that was decided before. Snapshots of the state stand for the batches before them.
/// </summary>
/// <remarks>
/// Calls come one at a time, but for <see cref="SaveSnapshotAsync"/>. An answer that does not come is a <see cref="NoAnswerException"/>:
/// what was asked for may have happened. Every other exception says that nothing was appended, and that the journal cannot be used for now.
/// Events of a batch come back as they went in, or without what a follower knows (<see cref="Kernel.Events.Event.Brief"/>).
/// </remarks>
internal interface IJournal : IDisposable
{
    /// <summary>
    /// Called, on any thread, when something was appended, also by this store; with null when it is not known what. A hint: it may come
    /// late, twice, or not at all.
    /// </summary>
    Action<HeadMove?>? Changed { get; set; }

    /// <summary>
    /// Called, on any thread, when another store asks to be let go first, since its append came too late
    /// (<see cref="JournalBatch.Usual"/>). A hint, as above.
    /// </summary>
    Action<TurnWish>? Asked { get; set; }

    /// <summary>How much room is left; null when it is not known.</summary>
    StoreRoom? Room => null;

    /// <summary>Whether so much was appended since the last snapshot that a new one is wanted.</summary>
    bool WantsSnapshot { get; }

    /// <summary>Reads the last snapshot and the batches after it.</summary>
    Task<JournalState> LoadAsync(CancellationToken cancel);

    /// <summary>Whether a batch is small enough to be appended; one of a single command is tried all the same.</summary>
    bool Fits(JournalBatch batch);

    /// <summary>
    /// Appends a batch if the journal's last event is still the one before it. A batch without events appends nothing, and proves that
    /// nothing was missed; the proof is no older than the call. And so is what an answer brings that says that something was missed.
    /// </summary>
    /// <param name="batch">The batch. When there was no answer the same one may be appended once more: it gets there once.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    Task<AppendAnswer> AppendAsync(JournalBatch batch, CancellationToken cancel);

    /// <summary>Reads the batches after a number, as far as they are known where it asks; null when they are not kept any more.</summary>
    Task<IReadOnlyList<JournalBatch>?> FetchAsync(long after, CancellationToken cancel);

    /// <summary>
    /// Reads the last batch that begins at a number or before it, and those after it, as far as they are kept. No older than the call.
    /// </summary>
    /// <param name="number">The number.</param>
    /// <param name="most">How many of those after it.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<JournalBatch>> FetchAroundAsync(long number, int most, CancellationToken cancel);

    /// <summary>Asks to be the one who writes the next snapshot.</summary>
    /// <param name="head">The number of the last event in it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False when another store writes one, or has.</returns>
    Task<bool> ClaimSnapshotAsync(long head, CancellationToken cancel);

    /// <summary>Writes the snapshot that was claimed, and drops batches that nobody needs any more.</summary>
    Task SaveSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel);
}
