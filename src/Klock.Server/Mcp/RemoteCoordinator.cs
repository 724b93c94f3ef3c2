using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Klock.Agents.Leases;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Server.Routes;

namespace Klock.Server.Mcp;

/// <summary>A coordinator in another server, over HTTP or over its Unix socket.</summary>
internal sealed class RemoteCoordinator : ICoordinator
{
    private const string KeyVariable = "KLOCK_API_KEY";

    // Beyond the time that the request itself asks to wait.
    private static readonly TimeSpan _patienceWithOne = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly TimeSpan _patience;

    /// <param name="address">Where it is.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="KlockException">There can be no server.</exception>
    public RemoteCoordinator(Address address, Func<string, string?> environment)
        : this(address, AddressChooser.ServerVariable, environment)
    {
    }

    private RemoteCoordinator(Address address, string subject, Func<string, string?> environment, bool isOneOfSeveral = false)
    {
        Name = address.Text;
        _patience = isOneOfSeveral ? SeveralRemotes.Patience : _patienceWithOne;
        Uri server = new("http://localhost/");
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false,
            ConnectTimeout = isOneOfSeveral ? SeveralRemotes.ConnectPatience : Timeout.InfiniteTimeSpan,
        };
        if (address.Kind == AddressKind.Socket)
        {
            handler.ConnectCallback = (_, cancel) => ConnectAsync(address.Text, cancel);
        }
        else
        {
            server = ServerUrl.Parse(address.Text, subject);
            handler.Proxy = ServerProxy.For(server, environment);
            handler.UseProxy = handler.Proxy is not null;
        }

        _client = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        if (environment(KeyVariable) is { Length: > 0 } key)
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }
    }

    /// <summary>The server as a person knows it.</summary>
    public string Name { get; }

    /// <summary>To one of several servers, of which another is asked when it does not answer.</summary>
    /// <exception cref="KlockException">There can be no server.</exception>
    public static RemoteCoordinator ToOneOf(string[] urls, int index, Func<string, string?> environment) =>
        new(new Address(AddressKind.Server, urls[index], ""),
            $"{AddressChooser.ServerVariable}: {ServerList.Describe(index, urls.Length)}", environment, isOneOfSeveral: true);

    public (JsonElement Json, Outcome Outcome) Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        try
        {
            return Ask(operation, request, cancel, out _);
        }
        catch (ServerGoneException gone)
        {
            throw new KlockException(ErrorCode.StorageUnavailable, gone.Message, gone);
        }
    }

    /// <summary>The same, as one of several servers is asked.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">Its JSON.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="comesBack">Whether the server said when to ask again.</param>
    /// <exception cref="ServerGoneException">It does not answer.</exception>
    /// <exception cref="KlockException">What answers is no Klock.</exception>
    public (JsonElement Json, Outcome Outcome) Ask(
        Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel, out bool comesBack)
    {
        using HttpRequestMessage message = ToMessage(operation, request, out TimeSpan wait);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(wait + _patience);
        try
        {
            using HttpResponseMessage response = _client.Send(message, limit.Token);
            using var body = new MemoryStream();
            response.Content.ReadAsStream(limit.Token).CopyTo(body);
            comesBack = response.Headers.RetryAfter is not null;
            JsonElement json = AnswerIn(body.ToArray()) ?? throw Strange(response.StatusCode);
            return (json, OutcomeOf(json));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new ServerGoneException($"The server {Name} cannot be reached: {failure.Message}", WasSent(failure), failure);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            // If the time was over while it was connected to, nothing was sent.
            throw new ServerGoneException($"The server {Name} did not answer in time.", late.InnerException is not TimeoutException, late);
        }
    }

    public void Dispose()
    {
        // It lives as long as the process.
    }

    private static HttpRequestMessage ToMessage(Operation operation, ReadOnlyMemory<byte> request, out TimeSpan wait)
    {
        JsonElement fields = JsonDocument.Parse(request).RootElement;
        wait = TimeSpan.FromMilliseconds(fields.TryGetProperty("wait_ms", out JsonElement ms) ? ms.GetInt64() : 0);
        Operation asked = operation == Operation.AcquireAll ? Operation.DeclareIntents : operation;
        Route route = RouteTable.All.First(each => each.Operation == asked);
        string path = route.Pattern[1..]
            .Replace("{id}", Part(fields, "lease_id"), StringComparison.Ordinal)
            .Replace("{agent}", Part(fields, "agent_id"), StringComparison.Ordinal)
            .Replace("{session}", Part(fields, "session_id"), StringComparison.Ordinal);
        string query = route.Input != Input.Query ? "" : "?" + string.Join('&', fields.EnumerateObject()
            .Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value.ToString())}"));
        var message = new HttpRequestMessage(new HttpMethod(route.Method), path + query);
        if (route.Input is Input.Body or Input.BodyOnLease or Input.LeaseAndBody)
        {
            message.Content = new ReadOnlyMemoryContent(request);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return message;
    }

    private static string Part(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out JsonElement value) ? Uri.EscapeDataString(value.ToString()) : "";

    // Otherwise there was no connection to send it over.
    private static bool WasSent(Exception failure) => failure is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    };

    private static JsonElement? AnswerIn(byte[] body)
    {
        try
        {
            JsonElement json = JsonDocument.Parse(body).RootElement;
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("success", out JsonElement success)
                && success.ValueKind is JsonValueKind.True or JsonValueKind.False ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A proxy whose server is away says one of three things; any other answer is a mistake in the setting.
    private Exception Strange(HttpStatusCode status)
    {
        string sentence = $"The server {Name} answered {(int)status} and nothing that Klock would say: is it another one?";
        return status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? new ServerGoneException(sentence, wasSent: true)
            : new KlockException(ErrorCode.Internal, sentence);
    }

    private static Outcome OutcomeOf(JsonElement json) =>
        json.GetProperty("success").GetBoolean() ? Outcome.Done
        : json.TryGetProperty("reason", out JsonElement reason) && RefusalReasons.Find(reason.GetString()!) is { } refusal
            ? Outcome.Refused(refusal)
        : Outcome.Failed(
            (json.TryGetProperty("code", out JsonElement code) ? ErrorCodes.Find(code.GetString()!) : null) ?? ErrorCode.Internal);

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
