using Google.Protobuf;
using Grpc.Core;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>Tells when the head has moved. Only a hint: what it does not hear of, an append finds.</summary>
internal sealed class HeadWatch : IDisposable
{
    private readonly Cluster _cluster;
    private readonly WatchRequest _request;
    private readonly Action<KeyValue> _moved;
    private readonly Recurring _watching;

    public HeadWatch(Cluster cluster, ByteString head, Action<KeyValue> moved)
    {
        _cluster = cluster;
        _request = new WatchRequest { CreateRequest = new WatchCreateRequest { Key = head } };
        _moved = moved;
        _watching = new Recurring(WatchAsync, TimeSpan.FromMilliseconds(300));
    }

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _watching.Start();

    public void Dispose() => _watching.Dispose();

    private async Task WatchAsync(CancellationToken cancel)
    {
        try
        {
            await _cluster.WatchAsync(_request, Tell, cancel);
        }
        catch (Exception broken) when (broken is RpcException or IOException or OperationCanceledException or InvalidDataException)
        {
            // It is opened again, through whichever member answers then.
        }
    }

    private void Tell(WatchResponse answer)
    {
        // A head that is deleted has no value.
        if (answer.Events is { Count: > 0 } events && events[^1].Kv is { Value.Length: > 0 } last)
        {
            _moved(last);
        }
    }
}
