using System.Buffers;
using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>A transport that adds the namespace to requests.</summary>
/// <param name="transport">Where it leads.</param>
/// <param name="said">The namespace given for this command alone; null for none.</param>
/// <param name="byDefault">That of the environment; null for none.</param>
/// <param name="repository">That of the repository, for a server that keeps repositories apart.</param>
internal sealed class NamespacedTransport(ITransport transport, string? said, string? byDefault, Func<string> repository) : ITransport
{
    private string? _name = said ?? byDefault;
    private bool _isKnown;

    public bool IsServer => transport.IsServer;

    public int Servers => transport.Servers;

    public LeaseClock Clock => transport.Clock;

    public string? Namespace => NameOfResources(default);

    public Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        string? name = operation switch
        {
            Operation.Acquire or Operation.AcquireAll or Operation.DeclareIntents => HasField(request, "namespace")
                ? null
                : NameOfResources(cancel),
            Operation.ListLeases or Operation.ListWaiters or Operation.Snapshot =>
                HasField(request, "resource") ? NameOfResources(cancel) : said,
            _ => null,
        };
        return transport.Ask(operation, name is null ? request : With(name, request), cancel);
    }

    public void Dispose() => transport.Dispose();

    private string? NameOfResources(CancellationToken cancel)
    {
        if (_name is null && !_isKnown && IsServer)
        {
            Answer health = transport.Ask(Operation.Health, Request.Of(), cancel);
            if (!health.Outcome.IsSuccess)
            {
                throw health.ToFailure();
            }

            _name = health.Data.TryGetProperty("namespace_by", out JsonElement by) && by.GetString() == "repository" ? repository() : null;
        }

        _isKnown = true;
        return _name;
    }

    private static bool HasField(ReadOnlyMemory<byte> request, string field)
    {
        using var json = JsonDocument.Parse(request);
        return json.RootElement.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;
    }

    private static ReadOnlyMemory<byte> With(string name, ReadOnlyMemory<byte> request)
    {
        using var fields = JsonDocument.Parse(request);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (JsonProperty field in fields.RootElement.EnumerateObject().Where(field => !field.NameEquals("namespace")))
            {
                field.WriteTo(json);
            }

            json.WriteString("namespace", name);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
