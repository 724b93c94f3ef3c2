using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>Tells what is appended. Only a hint: what it does not hear of, an append finds.</summary>
internal sealed class JournalWatch : IDisposable
{
    private readonly Cluster _cluster;
    private readonly EtcdKeys _keys;
    private readonly HeardBatches _heard;
    private readonly Action<KeyValue?> _moved;
    private readonly Action<KeyValue> _asked;
    private readonly Recurring _watching;

    /// <param name="cluster">Where the journal is.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="heard">Gets the batches.</param>
    /// <param name="moved">Called after that with a new head; with null when there may be one.</param>
    /// <param name="asked">Called when somebody asks to be let go first.</param>
    public JournalWatch(Cluster cluster, EtcdKeys keys, HeardBatches heard, Action<KeyValue?> moved, Action<KeyValue> asked)
    {
        _cluster = cluster;
        _keys = keys;
        _heard = heard;
        _moved = moved;
        _asked = asked;
        _watching = new Recurring(WatchAsync, TimeSpan.FromMilliseconds(300));
    }

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _watching.Start();

    public void Dispose() => _watching.Dispose();

    // When it breaks it is opened again, through whichever member answers then.
    private Task WatchAsync(CancellationToken cancel) => _cluster.WatchAsync(_keys.Watch, Tell, cancel);

    // The batch that a head names comes with it, in no certain order.
    private void Tell(WatchResponse answer)
    {
        if (answer.Created)
        {
            // What was appended while nobody listened; and the cluster may have been restored meanwhile.
            _heard.Clear();
            _moved(null);
        }

        foreach (WatchEvent change in answer.Events)
        {
            if (_keys.FirstOf(change.Kv.Key) is > 0 and long first)
            {
                _heard.Add(first, change.Kv);
            }
        }

        foreach (WatchEvent change in answer.Events)
        {
            if (change.Kv.Key == _keys.Head)
            {
                _moved(change.Kv);
            }
            else if (change.Kv.Key == _keys.First)
            {
                _asked(change.Kv);
            }
        }
    }
}
