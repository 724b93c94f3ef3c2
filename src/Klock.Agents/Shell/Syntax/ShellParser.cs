namespace Klock.Agents.Shell.Syntax;

/// <summary>
/// Reads the shell's grammar as POSIX has it, and of bash what is in daily use: <c>[[ ]]</c>, <c>(( ))</c>, <c>&amp;&gt;</c>,
/// <c>&lt;&lt;&lt;</c>, <c>&lt;( )</c>, <c>$' '</c>, arrays, <c>function</c>. Nothing is expanded here.
/// </summary>
/// <remarks>Never throws. On what it cannot read it goes to the end of the text at once, which ends every loop, and says why.</remarks>
internal sealed partial class ShellParser
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>How deep commands, quotes and substitutions may stand in each other.</summary>
    public const int MaxDepth = 64;

    private readonly string _text;
    private readonly List<(Redirection Redirection, string End, bool IsQuoted, bool StripsTabs)> _documents = [];
    private int _at;
    private int _depth;
    private string? _trouble;

    private ShellParser(string text, int depth) => (_text, _depth) = (text, depth);

    /// <summary>Reads a text.</summary>
    public static ParsedText Parse(string text) => Parse(text, depth: 0);

    private static ParsedText Parse(string text, int depth)
    {
        if (text.Length > MaxLength)
        {
            return new ParsedText(new Sequence([]), $"a command of {text.Length} characters, at most {MaxLength} are read");
        }

        ShellParser parser = new(text, depth);
        Sequence root = parser.List();
        return new ParsedText(root, parser._trouble);
    }

    // Commands until one of the words or signs that end this list, which is left where it is.
    private Sequence List(params ReadOnlySpan<string> ends)
    {
        List<(Node, bool)> items = [];
        while (Enter())
        {
            SkipLines();
            if (_at >= _text.Length || IsAtAny(ends))
            {
                _depth--;
                break;
            }

            Node? command = AndOr();
            _depth--;
            if (command is null)
            {
                Fail(_at < _text.Length ? $"unexpected '{_text[_at]}'" : "it ends in the midst of a command");
                break;
            }

            SkipBlanks();
            items.Add((command, IsAt('&') && !IsAt("&&")));
            if (IsAt('&') || (IsAt(';') && !IsAt(";;") && !IsAt(";&")))
            {
                _at++;
            }
            else if (!IsAtLineEnd() && !IsAtAny(ends))
            {
                Fail($"unexpected '{_text[_at]}'");
            }
        }

        return new Sequence(items);
    }

    private Node? AndOr()
    {
        Node? first = Pipe();
        List<(bool, Node)> rest = [];
        while (first is not null && (IsAt("&&") || IsAt("||")))
        {
            bool isOr = IsAt('|');
            _at += 2;
            SkipLines();
            if (Pipe() is not { } next)
            {
                return null;
            }

            rest.Add((isOr, next));
        }

        return rest.Count == 0 ? first : new Chain(first!, rest);
    }

    private Node? Pipe()
    {
        List<Node> parts = [];
        do
        {
            _at += parts.Count == 0 ? 0 : IsAt("|&") ? 2 : 1;
            SkipLines();
            SkipPrefixes();
            if (Command() is not { } next)
            {
                return null;
            }

            parts.Add(next);
            SkipBlanks();
        }
        while (IsAt('|') && !IsAt("||"));
        return parts.Count == 1 ? parts[0] : new Pipeline(parts);
    }

    // "!" and the reserved word "time", which change nothing of what is written.
    private void SkipPrefixes()
    {
        for (SkipBlanks(); IsAtWord("!") || IsAtWord("time") || IsAtWord("-p"); SkipBlanks())
        {
            _at += IsAt('!') ? 1 : IsAt('-') ? 2 : 4;
        }
    }

    // A list that must end in this word or sign, which is taken.
    private Sequence ListTo(string end)
    {
        Sequence list = List(end);
        Expect(end);
        return list;
    }

    private void Expect(string what)
    {
        SkipLines();
        if (IsAtAny([what]))
        {
            _at += what.Length;
        }
        else
        {
            Fail($"'{what}' is missing");
        }
    }

    private bool IsAtAny(ReadOnlySpan<string> ends)
    {
        foreach (string end in ends)
        {
            if (char.IsAsciiLetter(end[0]) || end == "}" ? IsAtWord(end) : IsAt(end))
            {
                return true;
            }
        }

        return false;
    }

    // Blanks, line ends with the here-documents that begin there, comments.
    private void SkipLines()
    {
        for (SkipBlanks(); IsAt('\n') || IsAt('#'); SkipBlanks())
        {
            SkipLine();
        }
    }

    private void SkipLine()
    {
        int end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end + 1;
        ReadDocuments();
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && (_text[_at] is ' ' or '\t' or '\r' || IsAt("\\\n")))
        {
            _at += _text[_at] == '\\' ? 2 : 1;
        }
    }

    private bool IsAt(char wanted) => _at < _text.Length && _text[_at] == wanted;

    private bool IsAt(string wanted) =>
        _at < _text.Length && string.CompareOrdinal(_text, _at, wanted, 0, wanted.Length) == 0;

    private bool IsAtLineEnd() => _at >= _text.Length || _text[_at] is '\n' or '#';

    // An unquoted word of its own.
    private bool IsAtWord(string wanted) =>
        IsAt(wanted) && (_at + wanted.Length >= _text.Length || IsMeta(_text[_at + wanted.Length]));

    private static bool IsMeta(char c) => c is ' ' or '\t' or '\n' or '\r' or ';' or '&' or '|' or '<' or '>' or '(' or ')';

    // To be followed by one step back of the depth, when true.
    private bool Enter()
    {
        if (_depth < MaxDepth)
        {
            _depth++;
            return true;
        }

        Fail($"more than {MaxDepth} levels deep");
        return false;
    }

    private void Fail(string trouble)
    {
        _trouble ??= trouble;
        _at = _text.Length;
    }
}
