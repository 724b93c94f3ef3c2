using System.Buffers;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Cli.Originals;

/// <summary>A manifest as it is typed, in the form of HTTP or in the original's triples, made a request to declare it.</summary>
/// <remarks>
/// Its paths become canonical, and it loses the ttl that would make a server acquire it. Input that is no manifest is passed on as it is:
/// the coordinator says what is wrong with it.
/// </remarks>
internal sealed class Manifest
{
    private readonly bool _isRaw;
    private readonly List<Named> _resources = [];
    private string? _subject;
    private string? _session;

    private Manifest(bool isRaw) => _isRaw = isRaw;

    /// <summary>What it is about.</summary>
    public IReadOnlyList<Named> Resources => _resources;

    /// <summary>The request.</summary>
    public ReadOnlyMemory<byte> Request { get; private set; }

    /// <summary>Reads a manifest.</summary>
    /// <param name="utf8">Its text.</param>
    /// <param name="isRaw">Whether paths are taken literally.</param>
    /// <exception cref="CliFailure">It is too large, no JSON object, or has a triple that is not complete.</exception>
    public static Manifest Read(byte[] utf8, bool isRaw)
    {
        if (utf8.Length > Limits.RequestBytes)
        {
            throw CliFailure.Usage($"the manifest on stdin is larger than {Limits.RequestBytes} bytes, which is the most allowed.");
        }

        try
        {
            using var document = JsonDocument.Parse(utf8);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw CliFailure.Usage(
                    "the manifest on stdin is not a JSON object: it must be {\"agent_id\",\"session_id\",\"intents\":[…]}.");
            }

            var buffer = new ArrayBufferWriter<byte>();
            var manifest = new Manifest(isRaw);
            using (var json = new Utf8JsonWriter(buffer))
            {
                manifest.Write(json, document.RootElement);
            }

            manifest.Request = buffer.WrittenMemory;
            return manifest;
        }
        catch (JsonException notJson)
        {
            throw CliFailure.Usage(
                $"the manifest on stdin is not JSON: line {notJson.LineNumber + 1}, byte {notJson.BytePositionInLine + 1}.");
        }
    }

    private void Write(Utf8JsonWriter json, JsonElement manifest)
    {
        json.WriteStartObject();
        foreach (JsonProperty field in manifest.EnumerateObject().Where(field => !field.NameEquals("ttl") && !field.NameEquals("wait_ms")))
        {
            if (field.NameEquals("intents") && field.Value.ValueKind == JsonValueKind.Array)
            {
                json.WriteStartArray("intents");
                int index = 0;
                foreach (JsonElement intent in field.Value.EnumerateArray())
                {
                    WriteIntent(json, intent, $"intents[{index++}]");
                }

                json.WriteEndArray();
            }
            else
            {
                field.WriteTo(json);
            }
        }

        WriteOwner(json, manifest, "agent_id", _subject, "subject");
        WriteOwner(json, manifest, "session_id", _session, "session_id");
        json.WriteEndObject();
    }

    // Triples say themselves whose they are; a manifest is one agent's, in one session.
    private static void WriteOwner(Utf8JsonWriter json, JsonElement manifest, string field, string? ofTriples, string name)
    {
        if (!manifest.TryGetProperty(field, out JsonElement own))
        {
            if (ofTriples is not null)
            {
                json.WriteString(field, ofTriples);
            }
        }
        else if (ofTriples is not null && own.ValueKind == JsonValueKind.String && own.GetString() != ofTriples)
        {
            throw CliFailure.Usage(
                $"the manifest's {field} and the {name} of its triples differ: a manifest is one agent's, in one session.");
        }
    }

    private void WriteIntent(Utf8JsonWriter json, JsonElement intent, string where)
    {
        if (Triple.Read(intent, where) is { } triple)
        {
            _subject = Same(_subject, triple.Subject, $"{where}.subject");
            _session = Same(_session, triple.Session, $"{where}.session_id");
            Named named = Find(triple.Type, triple.Path);
            json.WriteStartObject();
            json.WriteString("predicate", triple.Predicate.ToName());
            json.WriteString("resource_type", named.Type);
            json.WriteString("resource_path", named.Path);
            json.WriteEndObject();
        }
        else if (intent.ValueKind == JsonValueKind.Object && TextOf(intent, "resource_path") is { Length: > 0 } path
            && ResourceTypeNames.TryParse(TextOf(intent, "resource_type"), out ResourceType type))
        {
            WriteWithPath(json, intent, Find(type, path).Path);
        }
        else
        {
            intent.WriteTo(json);
        }
    }

    private Named Find(ResourceType type, string path)
    {
        Named named = ResourceText.Find(type, path, _isRaw);
        _resources.Add(named);
        return named;
    }

    private static string? Same(string? known, string? said, string where) =>
        known is null || said is null || known == said ? said ?? known
            : throw CliFailure.Usage($"{where} is another one than before: a manifest is one agent's, in one session.");

    private static void WriteWithPath(Utf8JsonWriter json, JsonElement intent, string path)
    {
        json.WriteStartObject();
        foreach (JsonProperty field in intent.EnumerateObject())
        {
            if (field.NameEquals("resource_path"))
            {
                json.WriteString("resource_path", path);
            }
            else
            {
                field.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static string? TextOf(JsonElement intent, string name) =>
        intent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
