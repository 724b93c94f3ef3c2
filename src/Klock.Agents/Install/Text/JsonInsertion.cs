using System.Text.Json;

namespace Klock.Agents.Install.Text;

/// <summary>Where and how a new member is put into a container, so that it looks like those that are there.</summary>
internal static class JsonInsertion
{
    /// <summary>At the end of a container.</summary>
    /// <param name="layout">The file.</param>
    /// <param name="container">An object or an array.</param>
    /// <param name="name">The key, of a member of an object.</param>
    /// <param name="value">The value.</param>
    public static Splices Into(JsonLayout layout, JsonSpan container, string? name, JsonElement value)
    {
        string key = name is null ? "" : JsonWriting.Quoted(name) + ": ";
        return container.Members is [.., var last] ? After(layout, container, last, key, value) : Inside(layout, container, key, value);
    }

    /// <summary>As the value of a file that has none yet.</summary>
    public static Splices AsRoot(JsonLayout layout, JsonElement value)
    {
        int end = layout.Bytes.Length;
        bool isInLine = layout.BackOverBlanks(end) > 0 && layout.Bytes[^1] != '\n'
            && layout.Text(0, end).Trim('\uFEFF', ' ', '\t').Length > 0;
        return new Splices().Insert(end, (isInLine ? layout.NewLine : "") + JsonWriting.Lines(value, layout, "") + layout.NewLine);
    }

    // Behind the last one and the comments in its line, which belong to it. Whether commas trail is as it was.
    private static Splices After(JsonLayout layout, JsonSpan container, JsonMember last, string key, JsonElement value)
    {
        int comma = layout.SkipTrivia(last.Value.End);
        bool trails = layout.Bytes[comma] == ',';
        int at = layout.SkipLineOfComments(trails ? comma + 1 : last.Value.End);
        string blanks = layout.Before(last.Start);
        int line = blanks.LastIndexOf('\n');
        Splices splices = new();
        if (!trails)
        {
            splices.Insert(last.Value.End, ",");
        }

        string end = trails ? "," : "";
        if (line >= 0 || layout.IsLineCommentEnd(at))
        {
            string indent = line >= 0 ? blanks[(line + 1)..] : layout.IndentOf(container.Start) + layout.Unit;
            return splices.Insert(at, layout.NewLine + indent + key + JsonWriting.Lines(value, layout, indent) + end);
        }

        string space = container.Members.Count > 1 ? blanks : " ";
        return splices.Insert(at, space + key + JsonWriting.Line(value) + end);
    }

    // Into an empty one: in lines of its own, where its surroundings are in lines.
    private static Splices Inside(JsonLayout layout, JsonSpan container, string key, JsonElement value)
    {
        int start = container.Start + 1;
        int end = container.End - 1;
        int commentEnd = layout.BackOverBlanks(end);
        bool hasComment = commentEnd > start;
        if (hasComment ? !layout.Text(commentEnd, end).Contains('\n', StringComparison.Ordinal) : IsInOneLine(layout, container))
        {
            return new Splices().Replace(hasComment ? commentEnd : start, hasComment ? commentEnd : end,
                (hasComment ? " " : "") + key + JsonWriting.Line(value));
        }

        string outer = layout.IndentOf(container.Start);
        string indent = outer + layout.Unit;
        string text = layout.NewLine + indent + key + JsonWriting.Lines(value, layout, indent);
        return hasComment ? new Splices().Insert(commentEnd, text) : new Splices().Replace(start, end, text + layout.NewLine + outer);
    }

    // The file's own value starts in lines; a value within it where the first member of the file's value does not begin its own line.
    private static bool IsInOneLine(JsonLayout layout, JsonSpan container) => !ReferenceEquals(container, layout.Root)
        && layout.Root!.Members is [var first, ..] && !layout.Before(first.Start).Contains('\n', StringComparison.Ordinal);
}
