using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Klock.Agents.Install.Text;

namespace Klock.Agents.Tests.Install;

/// <summary>What holds for any file that can be read.</summary>
public sealed class JsonEditorProperties
{
    private const string Ours = """{ "klock": "hook — \"é\"", "timeout": 30, "more": [1, { "x": null }] }""";

    private static readonly JsonDocumentOptions _lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private static readonly Gen<string[]> _paths = OneOf.These(JsonTextGen.Keys).Array[1, 4];

    [Fact]
    public void Added_it_is_there_and_all_else_is_as_before_and_removed_the_bytes_are_the_old_ones() =>
        Gen.Select(JsonTextGen.Files, _paths).Sample((text, path) =>
        {
            byte[] file = Encoding.UTF8.GetBytes(text);
            JsonNode expected = Parse(file);
            JsonEdit added = JsonEditor.AddElement(file, path, Ours);
            int? existing = Add(expected, path);
            if (existing is null)
            {
                return added.Trouble is not null && ReferenceEquals(added.Bytes, file);
            }

            JsonEdit removed = JsonEditor.RemoveElements(added.Bytes, path, IsOurs, existing.Value);
            return added.Trouble is null && JsonNode.DeepEquals(expected, Parse(added.Bytes))
                && !JsonEditor.AddElement(added.Bytes, path, Ours).IsChanged
                && removed.Trouble is null && removed.Bytes.AsSpan().SequenceEqual(file);
        }, iter: 10_000);

    [Fact]
    public void Set_it_is_there_and_all_else_is_as_before_and_removed_it_is_gone() =>
        Gen.Select(JsonTextGen.Files, _paths, OneOf.These("1", "\"x\"", "[]", Ours)).Sample((text, path, value) =>
        {
            byte[] file = Encoding.UTF8.GetBytes(text);
            JsonNode expected = Parse(file);
            JsonEdit set = JsonEditor.SetMember(file, path, value);
            if (!Set(expected, path, value))
            {
                return set.Trouble is not null && ReferenceEquals(set.Bytes, file);
            }

            JsonEdit removed = JsonEditor.RemoveMember(set.Bytes, path, keep: path.Length);
            Remove(expected, path);
            return set.Trouble is null && !JsonEditor.SetMember(set.Bytes, path, value).IsChanged
                && removed.Trouble is null && JsonNode.DeepEquals(expected, Parse(removed.Bytes));
        }, iter: 10_000);

    [Fact]
    public void Whatever_is_removed_the_rest_parses_and_is_as_before() =>
        Gen.Select(JsonTextGen.Files, _paths, Gen.Int[0, 6]).Sample((text, path, mask) =>
        {
            byte[] file = Encoding.UTF8.GetBytes(text);
            JsonNode expected = Parse(file);
            bool Picks(int index) => ((mask >> (index % 3)) & 1) == 1;
            string[] gone = [.. (At(expected, path) as JsonArray ?? []).Where((_, i) => Picks(i))
                .Select(each => each?.ToJsonString() ?? "null")];
            JsonEdit edit = JsonEditor.RemoveElements(file, path,
                each => gone.Contains(JsonNode.Parse(each.GetRawText(), documentOptions: _lenient)?.ToJsonString() ?? "null"), path.Length);
            if (At(expected, path) is JsonArray array)
            {
                array.RemoveAll(each => gone.Contains(each?.ToJsonString() ?? "null"));
            }

            return JsonNode.DeepEquals(expected, Parse(edit.Bytes)) && edit.IsChanged == (gone.Length > 0);
        }, iter: 10_000);

    [Fact]
    public void Any_bytes_have_an_answer() => Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Select(JsonTextGen.Files, Gen.Int[0, 200], Gen.Byte)
        .Select((text, at, value) =>
    {
        byte[] file = Encoding.UTF8.GetBytes(text);
        file[at % file.Length] = value;
        return file;
    })).Sample(file =>
    {
        JsonEdit edit = JsonEditor.AddElement(file, ["hooks", "b"], Ours);
        return edit.Trouble is null ? Parse(edit.Bytes) is JsonObject : ReferenceEquals(edit.Bytes, file);
    }, iter: 10_000);

    private static JsonNode Parse(byte[] file) =>
        JsonNode.Parse(file.AsSpan(file.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), documentOptions: _lenient)!;

    private static bool IsOurs(JsonElement element) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty("klock", out _);

    private static JsonNode? At(JsonNode root, IEnumerable<string> path) =>
        path.Aggregate((JsonNode?)root, (node, key) => node is JsonObject parent ? parent[key] : null);

    // How many containers of the path were there; null when something else is in the way.
    private static int? Add(JsonNode root, string[] path)
    {
        JsonNode node = root;
        int existing = 0;
        for (int i = 0; i < path.Length; i++)
        {
            if (node is not JsonObject parent)
            {
                return null;
            }

            bool isThere = parent.ContainsKey(path[i]);
            existing += isThere ? 1 : 0;
            node = isThere && parent[path[i]] is { } next ? next
                : parent[path[i]] = i == path.Length - 1 ? new JsonArray() : new JsonObject();
        }

        (node as JsonArray)?.Add(JsonNode.Parse(Ours));
        return node is JsonArray ? existing : null;
    }

    private static bool Set(JsonNode root, string[] path, string value)
    {
        JsonNode node = root;
        foreach (string key in path.SkipLast(1))
        {
            if (node is not JsonObject parent)
            {
                return false;
            }

            node = parent[key] ?? (parent[key] = new JsonObject());
        }

        if (node is not JsonObject last)
        {
            return false;
        }

        last[path[^1]] = JsonNode.Parse(value);
        return true;
    }

    private static void Remove(JsonNode root, string[] path) => (At(root, path.SkipLast(1)) as JsonObject)?.Remove(path[^1]);
}
