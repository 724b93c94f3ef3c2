using Grpc.Core;
using Grpc.Net.Client;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Etcd.Api;

namespace Klock.Storage.Etcd;

/// <summary>The members of a cluster: a call goes to one of them, and to the next when it does not answer.</summary>
/// <remarks>Thread-safe. Only calls are made that may be made twice.</remarks>
internal sealed class Cluster : IDisposable
{
    // What is waited for is on a network: no test's clock helps.
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Member[] _members;
    private readonly Login? _login;
    private readonly TimeSpan _longest;
    private int _current;

    /// <param name="address">The members, and how they are reached.</param>
    /// <param name="login">Signs in; null where nobody has to.</param>
    public Cluster(EtcdAddress address, Login? login)
    {
        _login = login;
        _longest = address.Options.LongestCall;
        _members = [.. address.Endpoints.Select(url => new Member(url, address.Options.Tls))];
    }

    /// <summary>Asks the members in turn until one answers or the time is up: nobody waits for longer than a second.</summary>
    /// <exception cref="NoAnswerException">None has: it may have happened.</exception>
    /// <exception cref="IOException">The cluster refuses.</exception>
    public Task<T> CallAsync<T>(Func<KV.KVClient, CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancel) =>
        CallAsync(call, _longest, cancel);

    /// <summary>The same for an answer of some MiB, from a cluster that has just answered.</summary>
    public Task<RangeResponse> ReadMuchAsync(RangeRequest request, CancellationToken cancel) =>
        CallAsync((member, call) => member.RangeAsync(request, call), 10 * _longest, cancel);

    /// <summary>Watches through the member that is asked now, until the watch breaks.</summary>
    /// <param name="request">What to watch.</param>
    /// <param name="changed">Called for every answer.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task WatchAsync(WatchRequest request, Action<WatchResponse> changed, CancellationToken cancel)
    {
        GrpcChannel channel = _members[Volatile.Read(ref _current)].Channel;
        Metadata headers = await HeadersAsync(channel, Deadline(_longest), cancel) ?? [];

        // A member that has lost the others ends such a watch, which it would else keep open in silence.
        headers.Add("hasleader", "true");
        using AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call =
            new Watch.WatchClient(channel).Watch(headers, deadline: null, cancel);
        try
        {
            await call.RequestStream.WriteAsync(request, cancel);
            while (await call.ResponseStream.MoveNext(cancel) && !call.ResponseStream.Current.Canceled)
            {
                changed(call.ResponseStream.Current);
            }
        }
        catch (RpcException failed)
        {
            _login?.IsStale(headers, failed);
            throw;
        }
    }

    /// <summary>Asks the member that is asked now how it is; once.</summary>
    public async Task<(Uri Member, StatusResponse Status)> AskStatusAsync(CancellationToken cancel)
    {
        Member member = _members[Volatile.Read(ref _current)];
        return (member.Url, await AskAsync(
            member, (_, options) => new Maintenance.MaintenanceClient(member.Channel).StatusAsync(new StatusRequest(), options), _longest,
            cancel));
    }

    /// <summary>Reads the metrics of a member.</summary>
    /// <exception cref="HttpRequestException">It does not serve them there.</exception>
    public async Task<string> ReadMetricsAsync(Uri url, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_longest);
        Member member = Array.Find(_members, each => each.Url == url)!;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/metrics"));
        using HttpResponseMessage answer = await member.Http.SendAsync(request, limit.Token);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(limit.Token);
    }

    public void Dispose() => Array.ForEach(_members, static member => member.Dispose());

    private async Task<T> CallAsync<T>(
        Func<KV.KVClient, CallOptions, AsyncUnaryCall<T>> call, TimeSpan longest, CancellationToken cancel)
    {
        long start = _time.GetTimestamp();
        Exception? silent = null;
        for (int tried = 1; ; tried++)
        {
            int member = Volatile.Read(ref _current);
            TimeSpan left = longest - _time.GetElapsedTime(start);

            // One member that is silent must not use up the time of all.
            TimeSpan mine = tried == 1 && _members.Length > 1 ? longest / 2 : left;
            try
            {
                return await AskAsync(_members[member], call, mine, cancel);
            }
            catch (RpcException failed) when (!cancel.IsCancellationRequested)
            {
                Exception told = Refusals.Of(failed);
                if (told is not NoAnswerException)
                {
                    // What a member refuses another one, that was silent, may have done.
                    throw silent is null ? told : new NoAnswerException(told.Message, failed);
                }

                silent = told;
                MoveOnFrom(member);
                if (tried >= _members.Length || _time.GetElapsedTime(start) >= longest)
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

    private async Task<T> AskAsync<T>(
        Member member, Func<KV.KVClient, CallOptions, AsyncUnaryCall<T>> call, TimeSpan longest, CancellationToken cancel)
    {
        DateTime deadline = Deadline(longest);
        for (bool isRepeated = false; ; isRepeated = true)
        {
            Metadata? headers = await HeadersAsync(member.Channel, deadline, cancel);
            try
            {
                using AsyncUnaryCall<T> asked = call(new KV.KVClient(member.Channel), new CallOptions(headers, deadline, cancel));
                return await asked.ResponseAsync;
            }
            catch (RpcException failed) when (!isRepeated && headers is not null && _login!.IsStale(headers, failed))
            {
                // It is signed in again.
            }
        }
    }

    private async Task<Metadata?> HeadersAsync(GrpcChannel channel, DateTime deadline, CancellationToken cancel) =>
        _login is null ? null : await _login.HeadersAsync(channel, deadline, cancel);

    private DateTime Deadline(TimeSpan longest) => _time.GetUtcNow().UtcDateTime + longest;

    // Only once, however many calls a member has failed at the same time.
    private void MoveOnFrom(int member) => Interlocked.CompareExchange(ref _current, (member + 1) % _members.Length, member);

    private sealed class Member : IDisposable
    {
        public Member(Uri url, TlsFiles tls)
        {
            Url = url;

            // A channel makes a handler its own.
            Http = new HttpMessageInvoker(Handler(tls));
            Channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions
            {
                HttpHandler = Handler(tls),
                DisposeHttpClient = true,
                InitialReconnectBackoff = TimeSpan.FromMilliseconds(50),
                MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),

                // A batch has up to 1.5 MiB, and several are read at once.
                MaxReceiveMessageSize = null,
            });
        }

        public Uri Url { get; }

        public GrpcChannel Channel { get; }

        public HttpMessageInvoker Http { get; }

        public void Dispose()
        {
            Channel.Dispose();
            Http.Dispose();
        }

        private static SocketsHttpHandler Handler(TlsFiles tls) => new()
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),

            // So that a watch through a network that has gone ends. etcd allows one every 5 s.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
            UseProxy = false,
            SslOptions = tls.ToOptions(),
        };
    }
}
