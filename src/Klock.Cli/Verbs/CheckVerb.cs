using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Resources;

namespace Klock.Cli.Verbs;

/// <summary>Shows what would happen to a manifest, and leaves nothing behind.</summary>
internal static class CheckVerb
{
    public const string Name = "check";

    public static Command Create()
    {
        var verb = new Command(Name, "Read a manifest on stdin and show what would happen to it: exit code 0, 10 (wait) or 11 (die).")
        {
            NamespaceOption.Namespace, WantedOptions.Raw,
        };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        var asked = new List<Named>();
        ReadOnlyMemory<byte> request = Prepare(ReadAll(), result.GetValue(WantedOptions.Raw), asked);
        using ITransport transport = CommonOptions.OpenTransport(result, asked);
        Answer answer = transport.Ask(Operation.DeclareIntents, request);
        Out.Write(answer.Utf8.Span);
        if (answer.Json.TryGetProperty("status", out JsonElement status))
        {
            return status.GetString() switch
            {
                "Granted" => ExitCode.Done,
                "Wait" => ExitCode.Of(RefusalReason.Wait),
                _ => ExitCode.Of(RefusalReason.Die),
            };
        }

        return Out.Verdict(answer, json: false, isTyped: false);
    }

    // One byte more than is allowed, so that the coordinator sees that it is too much.
    private static byte[] ReadAll()
    {
        using Stream stdin = Console.OpenStandardInput();
        byte[] buffer = new byte[Limits.RequestBytes + 1];
        try
        {
            return buffer[..stdin.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (IOException unreadable)
        {
            throw CliFailure.Usage($"the manifest on stdin cannot be read: {SystemTrouble.Of(unreadable)}.");
        }
    }

    /// <summary>The manifest with canonical paths, and without the ttl that would make a server acquire it.</summary>
    /// <remarks>Input that is no manifest is passed on as it is: the coordinator says what is wrong with it.</remarks>
    private static ReadOnlyMemory<byte> Prepare(byte[] manifest, bool raw, List<Named> asked)
    {
        if (manifest.Length > Limits.RequestBytes)
        {
            throw CliFailure.Usage($"the manifest on stdin is larger than {Limits.RequestBytes} bytes, which is the most allowed.");
        }

        try
        {
            using var document = JsonDocument.Parse(manifest);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw NoManifest();
            }

            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer))
            {
                Write(json, document.RootElement, raw, asked);
            }

            return buffer.WrittenMemory;
        }
        catch (JsonException notJson)
        {
            throw CliFailure.Usage(
                $"the manifest on stdin is not JSON: line {notJson.LineNumber + 1}, byte {notJson.BytePositionInLine + 1}.");
        }
    }

    private static CliFailure NoManifest() =>
        CliFailure.Usage("the manifest on stdin is not a JSON object: it must be {\"agent_id\",\"session_id\",\"intents\":[…]}.");

    private static void Write(Utf8JsonWriter json, JsonElement manifest, bool raw, List<Named> asked)
    {
        json.WriteStartObject();
        foreach (JsonProperty field in manifest.EnumerateObject().Where(field => !field.NameEquals("ttl") && !field.NameEquals("wait_ms")))
        {
            if (field.NameEquals("intents") && field.Value.ValueKind == JsonValueKind.Array)
            {
                json.WriteStartArray("intents");
                foreach (JsonElement intent in field.Value.EnumerateArray())
                {
                    WriteIntent(json, intent, raw, asked);
                }

                json.WriteEndArray();
            }
            else
            {
                field.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteIntent(Utf8JsonWriter json, JsonElement intent, bool raw, List<Named> asked)
    {
        if (intent.ValueKind != JsonValueKind.Object
            || !IsText(intent, "resource_type", out string type) || !ResourceTypeNames.TryParse(type, out ResourceType known)
            || !IsText(intent, "resource_path", out string path))
        {
            intent.WriteTo(json);
            return;
        }

        Named named = ResourceText.Find(known, path, raw);
        asked.Add(named);
        json.WriteStartObject();
        foreach (JsonProperty field in intent.EnumerateObject())
        {
            if (field.NameEquals("resource_path"))
            {
                json.WriteString("resource_path", named.Path);
            }
            else
            {
                field.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static bool IsText(JsonElement intent, string name, out string text)
    {
        text = intent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.Length > 0;
    }
}
