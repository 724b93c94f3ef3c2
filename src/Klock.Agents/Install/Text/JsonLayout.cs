using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Klock.Agents.Install.Text;

/// <summary>
/// A JSON file with comments and trailing commas: where everything stands in it, and how it is laid out. Immutable once it is read.
/// </summary>
internal sealed class JsonLayout
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>How deep values may stand in each other.</summary>
    public const int MaxDepth = 64;

    private static readonly byte[] _mark = [0xEF, 0xBB, 0xBF];
    private readonly HashSet<int> _lineCommentEnds = [];

    private JsonLayout(byte[] bytes)
    {
        Bytes = bytes;
        string text = Encoding.UTF8.GetString(bytes);
        NewLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
    }

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    /// <summary>Its value; null for a file of nothing but blanks and comments.</summary>
    public JsonSpan? Root { get; private set; }

    /// <summary>Its line ends.</summary>
    public string NewLine { get; }

    /// <summary>By what it indents: the blanks before the first key of its root; two spaces where there is none to see.</summary>
    public string Unit => Root?.Members is [var first, ..] && Before(first.Start) is var blanks
        && blanks.Contains('\n', StringComparison.Ordinal)
        && blanks[(blanks.LastIndexOf('\n') + 1)..] is { Length: > 0 } unit ? unit : "  ";

    /// <summary>Reads a file; null, and why, when it is not one that may be changed.</summary>
    public static JsonLayout? Read(byte[] bytes, out JsonTrouble? trouble)
    {
        trouble = bytes.Length > MaxLength ? new JsonTrouble(1, 1, $"the file has {bytes.Length} bytes, at most {MaxLength} are read")
            : !Utf8.IsValid(bytes) ? At(bytes, ValidLength(bytes), "not UTF-8")
            : null;
        if (trouble is not null)
        {
            return null;
        }

        JsonLayout layout = new(bytes);
        try
        {
            trouble = layout.Scan();
        }
        catch (InvalidOperationException failure)
        {
            trouble = new JsonTrouble(1, 1, failure.Message);
        }
        catch (JsonException failure)
        {
            // What comes after the sentence are numbers that count from 0.
            string message = failure.Message.Split(" LineNumber:")[0];
            trouble = new JsonTrouble((int)(failure.LineNumber ?? 0) + 1, 1 + layout.Characters(failure), message);
        }

        return trouble is null ? layout : null;
    }

    /// <summary>Trouble at a place of this file.</summary>
    public JsonTrouble At(int place, string message) => At(Bytes, place, message);

    /// <summary>The first byte from here on that is neither blank nor comment.</summary>
    public int SkipTrivia(int at)
    {
        while (at < Bytes.Length && (Bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' || CommentEnd(at) > at))
        {
            at = Math.Max(CommentEnd(at), at + 1);
        }

        return at;
    }

    /// <summary>Where the comments end that stand behind a place in the same line; the place itself when there are none.</summary>
    public int SkipLineOfComments(int at)
    {
        int end = at;
        for (int next = at; Bytes[next] is (byte)' ' or (byte)'\t' || CommentEnd(next) > next;)
        {
            bool isComment = CommentEnd(next) > next;
            next = isComment ? CommentEnd(next) : next + 1;
            end = isComment ? next : end;
        }

        return end;
    }

    /// <summary>Where the blanks begin that stand before a place; those at the end of a comment are the comment's.</summary>
    public int BackOverBlanks(int at)
    {
        while (at > 0 && !IsLineCommentEnd(at) && Bytes[at - 1] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at--;
        }

        return at;
    }

    /// <summary>The blanks before a place.</summary>
    public string Before(int at) => Text(BackOverBlanks(at), at);

    /// <summary>The blanks with which the line of a place begins.</summary>
    public string IndentOf(int at)
    {
        int start = Bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        int end = start;
        while (end < at && Bytes[end] is (byte)' ' or (byte)'\t')
        {
            end++;
        }

        return Text(start, end);
    }

    /// <summary>Whether a comment that lasts to the end of its line ends here.</summary>
    public bool IsLineCommentEnd(int at) => _lineCommentEnds.Contains(at);

    /// <summary>A part of the file.</summary>
    public string Text(int start, int end) => Encoding.UTF8.GetString(Bytes.AsSpan(start, end - start));

    private JsonTrouble? Scan()
    {
        int mark = Bytes.AsSpan().StartsWith(_mark) ? _mark.Length : 0;
        if (SkipTrivia(mark) >= Bytes.Length)
        {
            return null;
        }

        Check(mark);
        Utf8JsonReader reader = new(Bytes.AsSpan(mark), Lenient(JsonCommentHandling.Allow));
        Stack<(JsonSpan Span, HashSet<string> Names)> open = [];
        (string Name, int Start)? key = null;
        while (reader.Read())
        {
            int start = mark + (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.Comment:
                    if (Bytes[start + 1] == '/')
                    {
                        // What follows it must stay in another line.
                        _lineCommentEnds.Add(CommentEnd(start));
                    }

                    break;
                case JsonTokenType.PropertyName:
                    key = (reader.GetString()!, start);
                    if (!open.Peek().Names.Add(key.Value.Name))
                    {
                        return At(start, $"\"{key.Value.Name}\" stands twice in one object; which of them counts is not known");
                    }

                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    open.Pop().Span.End = mark + (int)reader.BytesConsumed;
                    break;
                default:
                    JsonSpan span = new(KindOf(reader.TokenType), start) { End = mark + (int)reader.BytesConsumed };
                    Root ??= span;
                    if (open.TryPeek(out (JsonSpan Span, HashSet<string> Names) parent))
                    {
                        parent.Span.Members.Add(new JsonMember(key?.Name, key?.Start ?? start, span));
                    }

                    key = null;
                    if (span.Kind != JsonSpanKind.Scalar)
                    {
                        open.Push((span, []));
                    }

                    break;
            }
        }

        return null;
    }

    // A reader that gives comments out does not miss a comma that should stand before one; a reader that skips them does, and throws.
    private void Check(int start)
    {
        Utf8JsonReader reader = new(Bytes.AsSpan(start), Lenient(JsonCommentHandling.Skip));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                // Half of a surrogate pair is refused here, and not when the text is read later.
                reader.GetString();
            }
        }
    }

    private static JsonReaderOptions Lenient(JsonCommentHandling comments) =>
        new() { AllowTrailingCommas = true, CommentHandling = comments, MaxDepth = MaxDepth };

    private static JsonSpanKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonSpanKind.Object,
        JsonTokenType.StartArray => JsonSpanKind.Array,
        _ => JsonSpanKind.Scalar,
    };

    // Where a comment ends that begins here; the place itself where none does, or one that is not closed.
    private int CommentEnd(int start)
    {
        ReadOnlySpan<byte> rest = Bytes.AsSpan(start);
        if (rest.StartsWith("//"u8))
        {
            int length = rest.IndexOfAny((byte)'\n', (byte)'\r');
            return length < 0 ? Bytes.Length : start + length;
        }

        int close = rest.StartsWith("/*"u8) ? rest[2..].IndexOf("*/"u8) : -1;
        return close < 0 ? start : start + 2 + close + 2;
    }

    private int Characters(JsonException failure)
    {
        int start = Bytes.AsSpan().StartsWith(_mark) ? _mark.Length : 0;
        for (long line = failure.LineNumber ?? 0; line > 0; line--)
        {
            start += Bytes.AsSpan(start).IndexOf((byte)'\n') + 1;
        }

        return Text(start, (int)Math.Min(start + (failure.BytePositionInLine ?? 0), Bytes.Length)).Length;
    }

    private static JsonTrouble At(byte[] bytes, int place, string message)
    {
        ReadOnlySpan<byte> before = bytes.AsSpan(0, place);
        int start = before.LastIndexOf((byte)'\n') + 1;
        return new JsonTrouble(before.Count((byte)'\n') + 1,
            Encoding.UTF8.GetString(before[start..]).TrimStart('\uFEFF').Length + 1, message);
    }

    private static int ValidLength(byte[] bytes)
    {
        int length = 0;
        while (Rune.DecodeFromUtf8(bytes.AsSpan(length), out _, out int used) == System.Buffers.OperationStatus.Done)
        {
            length += used;
        }

        return length;
    }
}
