using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>A coordinator in a server, over HTTP or over its Unix socket.</summary>
internal sealed class HttpTransport : ITransport
{
    private const string KeyVariable = "KLOCK_API_KEY";

    // unix(7): sun_path has 108 bytes, one of them the final zero.
    private const int SocketPathBytes = 107;

    // Beyond the time that the request itself asks to wait.
    private static readonly TimeSpan _patienceWithOne = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly string _name;
    private readonly TimeSpan _patience;
    private readonly bool _isOneOfSeveral;
    private SslPolicyErrors _certificate;
    private bool _wasHeard;

    private HttpTransport(SocketsHttpHandler handler, Uri server, string name, bool isOneOfSeveral = false)
    {
        (_isOneOfSeveral, _patience) = (isOneOfSeveral, isOneOfSeveral ? ServerRotation<Answer>.Patience : _patienceWithOne);
        // A coordinator never redirects, and a server that does must not get a request meant for it.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        if (isOneOfSeveral)
        {
            handler.ConnectTimeout = ServerRotation<Answer>.ConnectPatience;
        }

        // The usual check; its result is kept for the error message.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => (_certificate = errors) == SslPolicyErrors.None;
        _client = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _name = name;
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
        {
            _client.DefaultRequestHeaders.Authorization = key.All(c => c is > ' ' and <= '~')
                ? new AuthenticationHeaderValue("Bearer", key)
                : throw CliFailure.Usage($"{KeyVariable} is no key: it must be printable ASCII without spaces.");
        }

        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public bool IsServer => true;

    public LeaseClock Clock => LeaseClock.BootTime;

    /// <summary>The server as a person knows it.</summary>
    public string Name => _name;

    /// <summary>To a server by its URL.</summary>
    /// <exception cref="CliFailure">It is no URL.</exception>
    public static HttpTransport ToServer(string url) => To(url, ServerList.Describe(0, 1), isOneOfSeveral: false);

    /// <summary>To one of several servers, of which another is asked when it does not answer.</summary>
    /// <exception cref="CliFailure">It is no URL.</exception>
    public static HttpTransport ToOneOf(string[] urls, int index) =>
        To(urls[index], ServerList.Describe(index, urls.Length), isOneOfSeveral: true);

    private static HttpTransport To(string url, string subject, bool isOneOfSeveral)
    {
        Uri server;
        WebProxy? proxy;
        try
        {
            server = ServerUrl.Parse(url, subject);
            proxy = ServerProxy.For(server, Environment.GetEnvironmentVariable);
        }
        catch (KlockException wrong)
        {
            throw CliFailure.Usage(wrong.Message);
        }

        var handler = new SocketsHttpHandler
        {
            UseProxy = proxy is not null,
            Proxy = proxy,
            ConnectCallback = (context, cancel) => ServerSocket.Connect(context.DnsEndPoint, cancel),
        };
        string name = proxy is null ? url : $"{url} (through the proxy {ServerProxy.NameOf(proxy)})";
        return new HttpTransport(handler, server, name, isOneOfSeveral);
    }

    /// <summary>To a server by its Unix socket.</summary>
    /// <exception cref="CliFailure">No socket can have such a path.</exception>
    public static HttpTransport ToSocket(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > SocketPathBytes)
        {
            throw CliFailure.Usage($"the path of the socket is too long: the system takes {SocketPathBytes} bytes at the most.");
        }

        var socket = new UnixDomainSocketEndPoint(path);
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancel) => ServerSocket.Connect(socket, cancel) };
        return new HttpTransport(handler, new Uri("http://localhost/"), path);
    }

    public Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        using HttpRequestMessage message = HttpRoutes.ToMessage(operation, request, out TimeSpan wait);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(wait + _patience);
        try
        {
            using HttpResponseMessage response = _client.Send(message, HttpCompletionOption.ResponseContentRead, limit.Token);
            _wasHeard = true;
            using var body = new MemoryStream();
            response.Content.ReadAsStream(limit.Token).CopyTo(body);
            if (operation == Operation.Snapshot && response.StatusCode == HttpStatusCode.NotFound)
            {
                return OriginalServer.WithoutSnapshot;
            }

            Answer answer = Read(body.ToArray(), response);
            return OriginalServer.Problem(operation, answer) is { } problem ? throw Refuse(answer, problem, cancel) : answer;
        }
        catch (HttpRequestException failure)
        {
            throw Gone($"The server {_name} cannot be reached: {HttpFailures.Describe(failure, _certificate)}.", failure, WasSent(failure));
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            // If the time was over while it was connected to, nothing was sent.
            throw Gone($"The server {_name} did not answer in time.", late, wasSent: late.InnerException is not TimeoutException);
        }
    }

    public void Dispose() => _client.Dispose();

    // What it granted is given back: nobody else knows of it.
    private CliFailure Refuse(Answer answer, string problem, CancellationToken cancel)
    {
        if (answer.Json.TryGetProperty("data", out JsonElement lease) && lease.ValueKind == JsonValueKind.Object
            && lease.TryGetProperty("lease_id", out JsonElement id) && id.GetString() is { } granted)
        {
            Ask(Operation.Release, Request.OnLease(granted), cancel);
        }

        return OriginalServer.Failure(_name, problem);
    }

    private Unreachable Gone(string sentence, Exception cause, bool wasSent) =>
        new(ErrorCode.StorageUnavailable, sentence, cause) { IsFirst = !_wasHeard, WasSent = wasSent };

    // Otherwise there was no connection to send it over.
    private static bool WasSent(HttpRequestException failure) => failure.HttpRequestError is not (HttpRequestError.NameResolutionError
        or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);

    private Answer Read(byte[] body, HttpResponseMessage response)
    {
        Answer? answer = Answer.Read(body);
        TimeSpan? retryAfter = response.Headers.RetryAfter?.Delta;

        // Without a time to come back it is the answer to a wait whose session has ended, which is so at every server.
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable && answer?.Outcome.Error is { } code
            && (code != ErrorCode.Closed || retryAfter is not null))
        {
            string said = _isOneOfSeveral ? $"The server {_name} says: {answer.Sentence}" : answer.Sentence;
            throw new Unreachable(code, said) { RetryAfter = retryAfter, WasSent = true };
        }

        if (answer is not null)
        {
            return answer;
        }

        string sentence = $"The server {_name} answered {(int)response.StatusCode} and nothing that Klock would say: is it another one?";
        throw response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? new Unreachable(ErrorCode.StorageUnavailable, sentence) { RetryAfter = retryAfter, WasSent = true }
            : CliFailure.Unavailable(sentence);
    }
}
