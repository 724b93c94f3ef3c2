using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>Batches as the watch has brought them, until they are followed: so that following asks nobody. Thread-safe.</summary>
internal sealed class HeardBatches
{
    // Who follows so slowly reads them from the cluster.
    private const int Most = 128;
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<(long First, KeyValue Batch)> _batches = new();
    private long _bytes;

    /// <summary>Adds the next one.</summary>
    public void Add(long first, KeyValue batch)
    {
        lock (_lock)
        {
            _batches.Enqueue((first, batch));
            _bytes += batch.Value.Length;
            while (_batches.Count > Most || _bytes > MostBytes)
            {
                _bytes -= _batches.Dequeue().Batch.Value.Length;
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

    /// <summary>Takes all out, and gives those whose first event has a higher number than that.</summary>
    public List<KeyValue> TakeAfter(long after)
    {
        lock (_lock)
        {
            List<KeyValue> found = [.. _batches.Where(heard => heard.First > after).Select(static heard => heard.Batch)];
            _batches.Clear();
            _bytes = 0;
            return found;
        }
    }
}
