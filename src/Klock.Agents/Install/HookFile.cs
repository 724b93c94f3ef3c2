using System.Text.Json;
using Klock.Agents.Clients;
using Klock.Agents.Install.Text;

namespace Klock.Agents.Install;

/// <summary>
/// Hooks in a settings file of the common shape: <c>{"hooks":{EVENT:[{"matcher","hooks":[{"type":"command","command"}]}]}}</c>, or of the
/// flat one: <c>{"version":1,"hooks":{EVENT:[{"command"}]}}</c>. Everything else in the file stays as it is.
/// </summary>
/// <param name="client">The client, which the hooks' commands name.</param>
/// <param name="events">Which events, each with the matcher of its tools; null for none.</param>
/// <param name="write">Adds what the client wants beside the command, as its time limit.</param>
/// <param name="background">The hook that a client runs in the background at an event: the event, and what the hook is called.</param>
/// <param name="isFlat">Whether the file has the flat shape.</param>
internal sealed class HookFile(
    string client, IReadOnlyList<(string Event, string? Matcher)> events, Action<Utf8JsonWriter, string> write,
    (string Event, string Name)? background = null, bool isFlat = false)
{
    private const string Hooks = "hooks";
    private const string Version = "version";

    /// <summary>The file with the hooks in it.</summary>
    /// <exception cref="InstallException">It cannot be read.</exception>
    public PlannedFile Add(string path, string program)
    {
        byte[]? before = Read(path);
        return new PlannedFile(path, before, Added(path, before ?? [], program));
    }

    /// <summary>The content of a file with the hooks and nothing else.</summary>
    public byte[] Alone(string program) => Added("", [], program);

    private byte[] Added(string path, byte[] file, string program)
    {
        byte[] bytes = file;
        if (isFlat && JsonEditor.Find(bytes, [Version], out _) is null)
        {
            bytes = Done(path, JsonEditor.SetMember(bytes, [Version], "1"));
        }

        foreach ((string name, string? matcher) in events)
        {
            string wanted = Element(name, matcher, program);
            using var parsed = JsonDocument.Parse(wanted);

            // One of ours that is another one is of an earlier version, or of a klock elsewhere.
            JsonElement root = parsed.RootElement;
            bytes = Done(path, JsonEditor.RemoveElements(
                bytes, [Hooks, name], element => IsOurs(path, element) && !JsonElement.DeepEquals(element, root), keep: 2));
            bytes = Done(path, JsonEditor.AddElement(bytes, [Hooks, name], wanted));
        }

        return bytes;
    }

    /// <summary>The file without the hooks. One that has nothing else in it is removed.</summary>
    /// <exception cref="InstallException">It cannot be read.</exception>
    public PlannedFile Remove(string path)
    {
        byte[]? before = Read(path);
        if (before is null)
        {
            return new PlannedFile(path, null, null);
        }

        byte[] bytes = before;
        foreach (string name in EventsIn(path, bytes))
        {
            bytes = Done(path, JsonEditor.RemoveElements(bytes, [Hooks, name], element => IsOurs(path, element)));
        }

        bool isEmpty = bytes.Length != before.Length && JsonEditor.Find(bytes, [], out _) is { ValueKind: JsonValueKind.Object } root
            && root.EnumerateObject().All(member => isFlat && member.Name == Version) && !bytes.AsSpan().Contains((byte)'/');
        return new PlannedFile(path, before, isEmpty ? null : bytes);
    }

    /// <summary>The commands of the hooks that are there, by event.</summary>
    /// <exception cref="InstallException">It cannot be read.</exception>
    public IReadOnlyDictionary<string, string> Installed(string path)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        if (Read(path) is { } bytes)
        {
            foreach (string name in EventsIn(path, bytes))
            {
                if (JsonEditor.Find(bytes, [Hooks, name], out _) is { ValueKind: JsonValueKind.Array } elements
                    && elements.EnumerateArray().SelectMany(CommandsOf).FirstOrDefault(IsOurs) is { } command)
                {
                    found[name] = command;
                }
            }
        }

        return found;
    }

    /// <summary>A file's content; null when it is not there.</summary>
    /// <exception cref="InstallException">It cannot be read.</exception>
    public static byte[]? Read(string path)
    {
        try
        {
            return Directory.Exists(path) ? throw new InstallException(path, "it is a folder") : File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InstallException(path, failure.Message.TrimEnd('.'));
        }
    }

    private static List<string> EventsIn(string path, byte[] bytes)
    {
        JsonElement? hooks = JsonEditor.Find(bytes, [Hooks], out JsonTrouble? trouble);
        return trouble is not null ? throw new InstallException(path, trouble.ToString())
            : hooks is { ValueKind: JsonValueKind.Object } object_ ? [.. object_.EnumerateObject().Select(member => member.Name)]
            : [];
    }

    private static byte[] Done(string path, JsonEdit edit) =>
        edit.Trouble is null ? edit.Bytes : throw new InstallException(path, edit.Trouble.ToString());

    private IEnumerable<JsonElement> HandlersOf(JsonElement element) => isFlat ? [element] : element.Elements(Hooks);

    private IEnumerable<string> CommandsOf(JsonElement element) =>
        HandlersOf(element).Select(hook => hook.Text("command")).OfType<string>();

    // A group that has somebody else's hook too is theirs as well: it is not taken out, nor is ours cut out of it.
    private bool IsOurs(string path, JsonElement element) => CommandsOf(element).Any(IsOurs)
        && (HandlersOf(element).Count() == CommandsOf(element).Count(IsOurs) ? true
            : throw new InstallException(path, "a group of hooks in it has one of klock and others; take klock's out of that group"));

    private bool IsOurs(string command) => command.Contains($"klock hook {client} ", StringComparison.Ordinal)
        || command.Contains($"klock' hook {client} ", StringComparison.Ordinal);

    private string Element(string name, string? matcher, string program) => Json.Of(json =>
    {
        if (matcher is not null)
        {
            json.WriteString("matcher"u8, matcher);
        }

        if (isFlat)
        {
            WriteHandler(json, name, program);
            return;
        }

        json.WriteStartArray(Hooks);
        WriteHook(json, program, name);
        if (background?.Event == name)
        {
            WriteHook(json, program, background.Value.Name);
        }

        json.WriteEndArray();
    });

    private void WriteHook(Utf8JsonWriter json, string program, string name)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "command"u8);
        WriteHandler(json, name, program);
        json.WriteEndObject();
    }

    private void WriteHandler(Utf8JsonWriter json, string name, string program)
    {
        json.WriteString("command"u8, $"{program} hook {client} {name}");
        write(json, name);
    }
}
