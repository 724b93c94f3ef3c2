using System.Text.Json;

namespace Klock.Agents.Install.Text;

/// <summary>
/// Changes one place of a JSON file and leaves every other byte as it is: comments, order, indentation, line ends, trailing commas, a byte
/// order mark. A file that cannot be read, has a key twice in one object, or has something else where the path leads, is not changed.
/// Safe for any number of threads.
/// </summary>
/// <remarks>
/// Adding and removing again gives the first bytes back, but for what the result does not show: a file that was empty is <c>{}</c>
/// then, and so is an object that had only blanks between its braces. Limits: those of <see cref="JsonLayout"/>.
/// </remarks>
internal static class JsonEditor
{
    private static readonly JsonDocumentOptions _lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = JsonLayout.MaxDepth,
    };

    /// <summary>The value at a path of keys; null when there is none, or the file is not one that could be changed.</summary>
    public static JsonElement? Find(byte[] file, IReadOnlyList<string> path, out JsonTrouble? trouble)
    {
        JsonLayout? layout = JsonLayout.Read(file, out trouble);
        JsonSpan? value = layout?.Root;
        foreach (string key in path)
        {
            value = value?.Kind == JsonSpanKind.Object ? value.Members.Find(member => member.Name == key)?.Value : null;
        }

        return value is null ? null : Value(layout!, value);
    }

    /// <summary>Adds an element at the end of the array at a path, which is made if it is missing, as are the objects above it. Nothing
    /// changes when an equal element is there.</summary>
    /// <param name="file">The file; no bytes for one that is not there yet.</param>
    /// <param name="path">The keys that lead to the array.</param>
    /// <param name="element">The element, as JSON.</param>
    /// <exception cref="JsonException">The element is no JSON.</exception>
    public static JsonEdit AddElement(byte[] file, IReadOnlyList<string> path, string element)
    {
        using var parsed = JsonDocument.Parse(element);
        return Edit(file, path, JsonSpanKind.Array, $"[{element}]", (layout, array) =>
            array.Members.Exists(member => JsonElement.DeepEquals(Value(layout, member.Value), parsed.RootElement))
                ? null
                : JsonInsertion.Into(layout, array, name: null, parsed.RootElement));
    }

    /// <summary>Sets the member at a path: adds it, with the objects above it, or puts its value in the place of another one.</summary>
    /// <param name="file">The file; no bytes for one that is not there yet.</param>
    /// <param name="path">The keys that lead to the member, its own last: one at least.</param>
    /// <param name="value">The value, as JSON.</param>
    /// <exception cref="JsonException">The value is no JSON.</exception>
    public static JsonEdit SetMember(byte[] file, IReadOnlyList<string> path, string value)
    {
        using var parsed = JsonDocument.Parse(value);
        string name = path[^1];
        string whole = $"{{{JsonWriting.Quoted(name)}:{value}}}";
        return Edit(file, [.. path.SkipLast(1)], JsonSpanKind.Object, whole, (layout, parent) =>
        {
            if (parent.Members.Find(member => member.Name == name) is not { } member)
            {
                return JsonInsertion.Into(layout, parent, name, parsed.RootElement);
            }

            bool isSame = JsonElement.DeepEquals(Value(layout, member.Value), parsed.RootElement);
            return isSame ? null : new Splices().Replace(
                member.Value.Start, member.Value.End, JsonWriting.Lines(parsed.RootElement, layout, layout.IndentOf(member.Start)));
        });
    }

    /// <summary>Removes the elements that are picked from the array at a path, and then what has become empty of the containers on that
    /// path. One in which a comment is left stays.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The keys that lead to the array.</param>
    /// <param name="picks">Whether an element is to go.</param>
    /// <param name="keep">How many of the containers of the path stay in any case, from the top.</param>
    public static JsonEdit RemoveElements(byte[] file, IReadOnlyList<string> path, Func<JsonElement, bool> picks, int keep = 0) =>
        Remove(file, path, JsonSpanKind.Array,
            (layout, array) => array.Members.FindIndex(member => picks(Value(layout, member.Value))), keep);

    /// <summary>Removes the member at a path, and then what has become empty of the objects above it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The keys that lead to the member, its own last: one at least.</param>
    /// <param name="keep">How many of the objects above it stay in any case, from the top.</param>
    public static JsonEdit RemoveMember(byte[] file, IReadOnlyList<string> path, int keep = 0) => Remove(
        file, [.. path.SkipLast(1)], JsonSpanKind.Object, (_, parent) => parent.Members.FindIndex(member => member.Name == path[^1]), keep);

    // One at a time, each in the file as it is by then.
    private static JsonEdit Remove(
        byte[] file, IReadOnlyList<string> path, JsonSpanKind kind, Func<JsonLayout, JsonSpan, int> next, int keep)
    {
        byte[] bytes = file;
        while (true)
        {
            int removed = -1;
            JsonEdit step = Edit(bytes, path, kind, missing: null, (layout, container) =>
            {
                removed = next(layout, container);
                return removed < 0 ? null : JsonRemoval.Of(layout, container, removed);
            });
            if (step.Trouble is not null)
            {
                return new JsonEdit(file, false, step.Trouble);
            }

            if (removed < 0)
            {
                return new JsonEdit(bytes, !ReferenceEquals(bytes, file), null);
            }

            bytes = Pruned(step.Bytes, path, kind, keep);
        }
    }

    private static byte[] Pruned(byte[] bytes, IReadOnlyList<string> path, JsonSpanKind kind, int keep)
    {
        for (int length = path.Count; length > keep; length--)
        {
            bool isEmpty = false;
            Edit(bytes, [.. path.Take(length)], length == path.Count ? kind : JsonSpanKind.Object, missing: null, (_, container) =>
            {
                isEmpty = container.End - container.Start == 2;
                return null;
            });
            if (!isEmpty)
            {
                break;
            }

            string name = path[length - 1];
            bytes = Edit(bytes, [.. path.Take(length - 1)], JsonSpanKind.Object, missing: null, (layout, parent) =>
                JsonRemoval.Of(layout, parent, parent.Members.FindIndex(member => member.Name == name))).Bytes;
        }

        return bytes;
    }

    // Goes down the path, and has the container at its end changed; null means that there is nothing to change. Without a text for what
    // is missing, a path that leads nowhere is nothing to change either.
    private static JsonEdit Edit(
        byte[] file, IReadOnlyList<string> path, JsonSpanKind kind, string? missing, Func<JsonLayout, JsonSpan, Splices?> change)
    {
        if (JsonLayout.Read(file, out JsonTrouble? trouble) is not { } layout)
        {
            return new JsonEdit(file, false, trouble);
        }

        JsonSpan? at = layout.Root;
        for (int depth = 0; at is not null; depth++)
        {
            JsonSpanKind wanted = depth == path.Count ? kind : JsonSpanKind.Object;
            if (at.Kind != wanted)
            {
                string name = depth == 0 ? "the file" : $"\"{path[depth - 1]}\"";
                return new JsonEdit(file, false, layout.At(at.Start, $"{name} is {Named(at.Kind)}; expected {Named(wanted)}"));
            }

            if (depth == path.Count)
            {
                return Applied(file, change(layout, at));
            }

            string key = path[depth];
            if (at.Members.Find(member => member.Name == key) is { } member)
            {
                at = member.Value;
                continue;
            }

            using JsonDocument? made = missing is null ? null : JsonDocument.Parse(Nested(path.Skip(depth + 1), missing));
            return Applied(file, made is null ? null : JsonInsertion.Into(layout, at, key, made.RootElement));
        }

        using JsonDocument? root = missing is null ? null : JsonDocument.Parse(Nested(path, missing));
        return Applied(file, root is null ? null : JsonInsertion.AsRoot(layout, root.RootElement));
    }

    private static JsonEdit Applied(byte[] file, Splices? splices) =>
        splices is null ? new JsonEdit(file, false, null) : new JsonEdit(splices.Apply(file), true, null);

    private static string Nested(IEnumerable<string> keys, string inner) =>
        keys.Reverse().Aggregate(inner, (value, key) => $"{{{JsonWriting.Quoted(key)}:{value}}}");

    private static string Named(JsonSpanKind kind) => kind switch
    {
        JsonSpanKind.Array => "an array",
        JsonSpanKind.Object => "an object",
        _ => "neither an object nor an array",
    };

    private static JsonElement Value(JsonLayout layout, JsonSpan span)
    {
        using var parsed = JsonDocument.Parse(layout.Bytes.AsMemory(span.Start, span.End - span.Start), _lenient);
        return parsed.RootElement.Clone();
    }
}
