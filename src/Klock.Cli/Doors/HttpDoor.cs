using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Klock.Cli.Output;
using Klock.Coordinator;

namespace Klock.Cli.Doors;

/// <summary>A coordinator in a server, over HTTP or over its Unix socket.</summary>
internal sealed class HttpDoor : IDoor
{
    private const string KeyVariable = "KLOCK_API_KEY";

    // Beyond the time that the request itself asks to wait.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly string _name;

    private HttpDoor(SocketsHttpHandler handler, Uri server, string name)
    {
        _client = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _name = name;
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>To a server by its URL.</summary>
    /// <exception cref="CliFailure">It is no URL.</exception>
    public static HttpDoor ToServer(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? server) && server.Scheme is "http" or "https"
            ? new HttpDoor(new SocketsHttpHandler(), new Uri(server.AbsoluteUri.TrimEnd('/') + "/"), url)
            : throw CliFailure.Usage("the server is no URL: it must be http://HOST:PORT or https://HOST:PORT.");

    /// <summary>To a server by its Unix socket.</summary>
    public static HttpDoor ToSocket(string path)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = (_, _) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    socket.Connect(new UnixDomainSocketEndPoint(path));
                    return ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true));
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new HttpDoor(handler, new Uri("http://localhost/"), path);
    }

    public Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        using HttpRequestMessage message = HttpRoutes.ToMessage(operation, request, out TimeSpan wait);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(wait + _patience);
        try
        {
            using HttpResponseMessage response = _client.Send(message, HttpCompletionOption.ResponseContentRead, limit.Token);
            using var body = new MemoryStream();
            response.Content.ReadAsStream(limit.Token).CopyTo(body);
            return Read(body.ToArray(), response.StatusCode);
        }
        catch (HttpRequestException failure)
        {
            throw new CliFailure(ExitCode.Unavailable, $"The server {_name} cannot be reached: {failure.Message}", failure);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new CliFailure(ExitCode.Unavailable, $"The server {_name} did not answer in time.", late);
        }
    }

    public void Dispose() => _client.Dispose();

    private Answer Read(byte[] body, HttpStatusCode status)
    {
        try
        {
            var answer = new Answer(body);
            if (answer.Json.ValueKind == JsonValueKind.Object && answer.Json.TryGetProperty("success", out _))
            {
                return answer;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new CliFailure(
            ExitCode.Unavailable, $"The server {_name} answered {(int)status} and nothing that Klock would say: is it another one?");
    }
}
