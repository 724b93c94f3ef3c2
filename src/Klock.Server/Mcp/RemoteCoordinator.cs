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

    /// <param name="address">Where it is.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <exception cref="KlockException">There can be no server.</exception>
    public RemoteCoordinator(Address address, Func<string, string?> environment)
        : this(address, AddressChooser.ServerVariable, environment)
    {
    }

    private RemoteCoordinator(Address address, string subject, Func<string, string?> environment)
    {
        Name = address.Text;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        Uri? server = new("http://localhost/");
        if (address.Kind == AddressKind.Socket)
        {
            (handler.UseProxy, handler.ConnectCallback) = (false, (_, cancel) => ConnectAsync(address.Text, cancel));
        }
        else if (!Uri.TryCreate(address.Text.TrimEnd('/') + "/", UriKind.Absolute, out server) || server.Scheme is not ("http" or "https"))
        {
            handler.Dispose();
            throw new KlockException(
                ErrorCode.InvalidRequest, $"{subject} is no URL: it must be http://HOST:PORT or https://HOST:PORT.");
        }

        _client = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        if (environment(KeyVariable) is { Length: > 0 } key)
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }
    }

    /// <summary>The server as a person knows it.</summary>
    public string Name { get; }

    private TimeSpan Patience { get; init; } = _patienceWithOne;

    /// <summary>To one of several servers, of which another is asked when it does not answer.</summary>
    /// <exception cref="KlockException">There can be no server.</exception>
    public static RemoteCoordinator ToOneOf(string[] urls, int index, Func<string, string?> environment) =>
        new(new Address(AddressKind.Server, urls[index], ""),
            $"{AddressChooser.ServerVariable}: {ServerList.Describe(index, urls.Length)}", environment)
        {
            Patience = SeveralRemotes.Patience,
        };

    public (JsonElement Json, Outcome Outcome) Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel) =>
        Ask(operation, request, cancel, out _);

    /// <summary>The same.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">Its JSON.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="comesBack">Whether the server said when to ask again.</param>
    public (JsonElement Json, Outcome Outcome) Ask(
        Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel, out bool comesBack)
    {
        using HttpRequestMessage message = ToMessage(operation, request, out TimeSpan wait);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(wait + Patience);
        try
        {
            using HttpResponseMessage response = _client.Send(message, limit.Token);
            using var body = new MemoryStream();
            response.Content.ReadAsStream(limit.Token).CopyTo(body);
            comesBack = response.Headers.RetryAfter is not null;
            JsonElement json = JsonDocument.Parse(body.ToArray()).RootElement;
            return (json, OutcomeOf(json));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            throw new KlockException(ErrorCode.StorageUnavailable, $"The server {Name} cannot be reached: {failure.Message}", failure);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new KlockException(ErrorCode.StorageUnavailable, $"The server {Name} did not answer in time.", late);
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
