using System.Text;
using System.Text.Json;
using Klock.Agents.Claims;
using Klock.Coordinator.Protocol;

namespace Klock.Server.Mcp;

/// <summary>Reads the arguments of a tool. What is wrong with one is said to the model: which field, what was wrong, what is allowed.
/// </summary>
/// <param name="arguments">The arguments; null for none.</param>
internal sealed class ToolInput(IDictionary<string, JsonElement>? arguments)
{
    /// <summary>How long a claim waits unless it says, in s.</summary>
    public const int UsualWaitSeconds = 20;

    /// <summary>How long it waits at the most, in s: clients give a tool up after five minutes, or after one.</summary>
    public const int LongestWaitSeconds = 240;

    /// <summary>The arguments as one object.</summary>
    public static JsonElement Whole(IDictionary<string, JsonElement>? arguments)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach ((string name, JsonElement value) in arguments ?? new Dictionary<string, JsonElement>())
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    }

    /// <summary>Refuses what the tool does not have: a misspelt field would look as if it had done something.</summary>
    public void RefuseOthers(params ReadOnlySpan<string> known)
    {
        foreach (string name in arguments?.Keys ?? (IEnumerable<string>)[])
        {
            if (!known.Contains(name))
            {
                throw Wrong($"there is no field '{Short(name)}': it must be one of {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Files() => FilesIfAny()
        ?? throw Wrong("files is missing: it must be a list of paths, as in [\"src/a.ts\"].");

    /// <summary>The files; null when they are left out.</summary>
    public IReadOnlyList<string>? FilesIfAny()
    {
        if (Find("files") is not { } files)
        {
            return null;
        }

        if (files.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("files is no list: it must be a list of paths, as in [\"src/a.ts\"].");
        }

        int count = files.GetArrayLength();
        return count is >= 1 and <= Limits.Intents ? [.. files.EnumerateArray().Select(file => ToPath("files", file))]
            : throw Wrong($"files has {count} paths: it must have 1 to {Limits.Intents}; a folder and all in it is one, as in \"src/**\".");
    }

    /// <summary>A path.</summary>
    public string Path() => ToPath("path", Find("path") ?? throw Wrong("path is missing: it must be a path, as in \"src/a.ts\"."));

    /// <summary>What files are claimed for, as leases have it.</summary>
    public string Predicate()
    {
        string allowed = $"it must be one of {string.Join(", ", ClaimIntent.Names)}.";
        return Find("intent") is not { } intent ? ClaimIntent.PredicateOf(ClaimIntent.Names.First())!
            : intent.ValueKind != JsonValueKind.String ? throw Wrong($"intent is no text: {allowed}")
            : ClaimIntent.PredicateOf(intent.GetString()!) ?? throw Wrong($"intent is '{Short(intent.GetString()!)}': {allowed}");
    }

    /// <summary>How long to wait, in ms.</summary>
    public long WaitMs()
    {
        double seconds = Find("wait_s") is not { } wait ? UsualWaitSeconds
            : wait.ValueKind == JsonValueKind.Number && wait.TryGetDouble(out double given) ? given
            : -1;
        return seconds is >= 0 and <= LongestWaitSeconds ? (long)(seconds * 1000)
            : throw Wrong($"wait_s must be a number from 0 to {LongestWaitSeconds}: how many seconds to wait.");
    }

    /// <summary>A note; null when it is left out.</summary>
    public string? Note() => Find("note") is not { } note ? null
        : note.ValueKind != JsonValueKind.String ? throw Wrong("note is no text.")
        : Encoding.UTF8.GetByteCount(note.GetString()!) is var bytes && bytes <= Limits.NoteBytes ? note.GetString()
        : throw Wrong($"note has {bytes} bytes: it may have {Limits.NoteBytes}.");

    /// <summary>A switch; off when it is left out.</summary>
    public bool Flag(string name) => Find(name) is { } flag
        && (flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean()
            : throw Wrong($"{name} must be true or false."));

    /// <summary>What is wrong, for the model.</summary>
    public static KlockException Wrong(string sentence) => new(ErrorCode.InvalidRequest, sentence);

    private static string ToPath(string field, JsonElement path)
    {
        string? text = path.ValueKind == JsonValueKind.String ? path.GetString() : null;
        return text is null ? throw Wrong($"{field} has something that is no text in it: a path is a text, as in \"src/a.ts\".")
            : string.IsNullOrWhiteSpace(text) ? throw Wrong($"{field} has an empty path in it.")
            : Encoding.UTF8.GetByteCount(text) > Limits.PathBytes
                ? throw Wrong($"{field} has a path longer than {Limits.PathBytes} bytes.")
            : text;
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    // Some models write null for what they leave out.
    private JsonElement? Find(string name) =>
        arguments is not null && arguments.TryGetValue(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
