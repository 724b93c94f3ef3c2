using Grpc.Core;
using Grpc.Net.Client;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>The members of a cluster: a call goes to one of them, and to the next when it does not answer.</summary>
/// <remarks>Thread-safe. Only calls are made that may be made twice.</remarks>
internal sealed class Cluster : IDisposable
{
    // A server that cannot reach the cluster says so within a second.
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(900);

    // What is waited for is on a network: no test's clock helps.
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly GrpcChannel[] _channels;
    private int _current;

    public Cluster(IReadOnlyList<Uri> endpoints) => _channels = [.. endpoints.Select(Connect)];

    /// <summary>Asks the members in turn until one answers or the time is up.</summary>
    /// <exception cref="NoAnswerException">None has: it may have happened.</exception>
    /// <exception cref="IOException">The cluster refuses.</exception>
    public async Task<T> CallAsync<T>(Func<KV.KVClient, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        for (int tried = 1; ; tried++)
        {
            int member = Volatile.Read(ref _current);
            TimeSpan left = _longest - _time.GetElapsedTime(start);

            // One member that is silent must not use up the time of all.
            TimeSpan mine = tried == 1 && _channels.Length > 1 ? _longest / 2 : left;
            try
            {
                var options = new CallOptions(deadline: _time.GetUtcNow().UtcDateTime + mine, cancellationToken: cancel);
                using AsyncUnaryCall<T> asked = call(new KV.KVClient(_channels[member]), options);
                return await asked.ResponseAsync;
            }
            catch (RpcException failed) when (!cancel.IsCancellationRequested)
            {
                Exception told = Refusals.Of(failed);
                if (told is not NoAnswerException)
                {
                    throw told;
                }

                MoveOnFrom(member);
                if (tried >= _channels.Length || _time.GetElapsedTime(start) >= _longest)
                {
                    throw told;
                }
            }
            catch (RpcException failed)
            {
                throw new OperationCanceledException("The store is closed.", failed, cancel);
            }
        }
    }

    /// <summary>Watches through the member that is asked now, until the watch breaks.</summary>
    /// <param name="request">What to watch.</param>
    /// <param name="changed">Called for every answer.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task WatchAsync(WatchRequest request, Action<WatchResponse> changed, CancellationToken cancel)
    {
        // A member that has lost the others ends such a watch, which it would else keep open in silence.
        var headers = new Metadata { { "hasleader", "true" } };
        GrpcChannel channel = _channels[Volatile.Read(ref _current)];
        using AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call =
            new Watch.WatchClient(channel).Watch(headers, deadline: null, cancel);
        await call.RequestStream.WriteAsync(request, cancel);
        while (await call.ResponseStream.MoveNext(cancel) && !call.ResponseStream.Current.Canceled)
        {
            changed(call.ResponseStream.Current);
        }
    }

    public void Dispose() => Array.ForEach(_channels, static channel => channel.Dispose());

    // Only once, however many calls a member has failed at the same time.
    private void MoveOnFrom(int member) => Interlocked.CompareExchange(ref _current, (member + 1) % _channels.Length, member);

    private static GrpcChannel Connect(Uri endpoint) => GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),

            // So that a watch through a network that has gone ends. etcd allows one every 5 s.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
            UseProxy = false,
        },
        DisposeHttpClient = true,
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),

        // A batch has up to 1.5 MiB, and several are read at once.
        MaxReceiveMessageSize = null,
    });
}
