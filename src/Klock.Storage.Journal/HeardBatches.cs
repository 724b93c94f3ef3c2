namespace Klock.Storage.Journal;

/// <summary>Batches as an engine's notices have brought them, until they are followed: then following asks nobody. Thread-safe.
/// </summary>
/// <typeparam name="T">What the engine brings.</typeparam>
internal sealed class HeardBatches<T>
{
    // Who follows so slowly reads them from the engine.
    private const int Most = 128;
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<(long Number, T Batch, int Bytes)> _batches = new();
    private long _bytes;

    /// <summary>Adds the next one.</summary>
    /// <param name="number">The number of one of its events.</param>
    /// <param name="batch">It.</param>
    /// <param name="bytes">How large it is.</param>
    public void Add(long number, T batch, int bytes)
    {
        lock (_lock)
        {
            _batches.Enqueue((number, batch, bytes));
            _bytes += bytes;
            while (_batches.Count > Most || _bytes > MostBytes)
            {
                _bytes -= _batches.Dequeue().Bytes;
            }
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _batches.Clear();
            _bytes = 0;
        }
    }

    /// <summary>Takes all out, and gives those that come after an event.</summary>
    /// <param name="after">The event's number.</param>
    public List<T> TakeAfter(long after)
    {
        lock (_lock)
        {
            List<T> found = [.. _batches.Where(heard => heard.Number > after).Select(static heard => heard.Batch)];
            _batches.Clear();
            _bytes = 0;
            return found;
        }
    }
}
