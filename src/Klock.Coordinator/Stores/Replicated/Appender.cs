using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Appends batches, and finds out what became of one when no answer came.</summary>
/// <remarks>
/// The same batch is sent again: it gets into the journal at the most once, since the first time moves the head that it names. A batch
/// that was there already is found by its name among those that were missed.
/// </remarks>
/// <param name="journal">The journal.</param>
/// <param name="clock">The store's clock, which stands still while there is no answer.</param>
/// <param name="network">The time in which answers come: the real one, whatever clock the store has, but for a journal that is simulated.
/// </param>
internal sealed class Appender(IJournal journal, ReplicaClock clock, TimeProvider network)
{
    /// <summary>How long it is tried.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Appends a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="isLate">Called when there is no answer for the first time, and again at every further try.</param>
    /// <param name="cancel">The store is closed.</param>
    /// <returns>What became of it. When others were in front, and when it was appended earlier than they: those.</returns>
    /// <exception cref="KlockException">It is not known what became of it, or the journal has not taken it.</exception>
    public async Task<AppendAnswer> AppendAsync(JournalBatch batch, Action isLate, CancellationToken cancel)
    {
        clock.Asked();
        try
        {
            return Judge(batch, await TryUntilAnsweredAsync(batch, isLate, cancel));
        }
        finally
        {
            clock.Answered();
        }
    }

    private async Task<AppendAnswer> TryUntilAnsweredAsync(JournalBatch batch, Action isLate, CancellationToken cancel)
    {
        long start = network.GetTimestamp();
        while (true)
        {
            try
            {
                return await journal.AppendAsync(batch, cancel);
            }
            catch (NoAnswerException silent)
            {
                isLate();
                if (network.GetElapsedTime(start) > Longest)
                {
                    throw new KlockException(
                        ErrorCode.StorageUnavailable,
                        $"The store does not answer, and what was asked for may or may not have happened: {silent.Message}", silent);
                }
            }

            await Task.Delay(_pause, network, cancel);
        }
    }

    private static AppendAnswer Judge(JournalBatch batch, AppendAnswer answer) =>
        !answer.IsAppended && answer.Missed is { Count: > 0 } missed && missed[0].Id == batch.Id
            ? answer with { IsAppended = true, Missed = [.. missed.Skip(1)] }
            : answer;
}
