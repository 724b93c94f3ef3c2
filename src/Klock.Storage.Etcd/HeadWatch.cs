using Google.Protobuf;
using Grpc.Core;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>Tells when the head has moved. Only a hint: what it does not hear of, an append finds.</summary>
internal sealed class HeadWatch(Cluster cluster, ByteString head, Action<KeyValue> moved) : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _closing = new();
    private Task? _running;

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _running ??= Task.Run(RunAsync);

    public void Dispose()
    {
        _closing.Cancel();
        _running?.GetAwaiter().GetResult();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var request = new WatchRequest { CreateRequest = new WatchCreateRequest { Key = head } };
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await cluster.WatchAsync(request, Tell, _closing.Token);
            }
            catch (Exception broken) when (broken is RpcException or IOException or OperationCanceledException or InvalidDataException)
            {
                // It is opened again, through whichever member answers then.
            }

            await Task.Delay(_pause, _closing.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private void Tell(WatchResponse answer)
    {
        // A head that is deleted has no value.
        if (answer.Events is { Count: > 0 } events && events[^1].Kv is { Value.Length: > 0 } last)
        {
            moved(last);
        }
    }
}
