using System.Globalization;
using System.Text;

namespace Klock.Agents.Shell.Syntax;

/// <content>What begins with a dollar sign or a backtick.</content>
internal sealed partial class ShellParser
{
    private WordPart Expansion(bool isQuoted)
    {
        if (_text[_at] == '`')
        {
            return Backticks(isQuoted);
        }

        _at++;
        char next = _at < _text.Length ? _text[_at] : '\0';
        if (next == '(')
        {
            bool isArithmetic = IsAt("((") && ParenthesesClose(_at + 2);
            _at += isArithmetic ? 2 : 1;
            return isArithmetic ? ReadOpaque('(', ')', twice: true) : Nested(isProcess: false, isQuoted);
        }

        if (next == '{')
        {
            _at++;
            return Braced(isQuoted);
        }

        if (next is '@' or '*' or '#' or '?' or '-' or '$' or '!' || char.IsAsciiDigit(next))
        {
            _at++;
            return new Variable(next.ToString(), isQuoted);
        }

        int end = NameEnd(_text, _at);
        if (end > _at)
        {
            string name = _text[_at..end];
            _at = end;
            return new Variable(name, isQuoted);
        }

        return next == '\'' && !isQuoted ? Escaped()
            : next == '"' && !isQuoted ? new Literal("", IsQuoted: true)
            : new Literal("$", IsQuoted: true);
    }

    private Substitution Nested(bool isProcess, bool isQuoted)
    {
        Sequence body = ListTo(")");
        return new Substitution(body, isProcess, isQuoted);
    }

    private WordPart Braced(bool isQuoted)
    {
        int start = _at;
        int end = NameEnd(_text, start);
        end = end == start && end < _text.Length && (char.IsAsciiDigit(_text[end]) || _text[end] is '@' or '*') ? end + 1 : end;
        if (end > start && end < _text.Length && _text[end] == '}')
        {
            _at = end + 1;
            return new Variable(_text[start..end], isQuoted);
        }

        return ReadOpaque('{', '}');
    }

    // To the closing bracket of what was opened just now. What would run on the way is kept.
    private Opaque ReadOpaque(char open, char close, bool twice = false)
    {
        List<WordPart> inner = [];
        int depth = twice ? 2 : 1;
        if (!Enter())
        {
            return new Opaque(inner);
        }

        Parts parts = new();
        while (_at < _text.Length && depth > 0)
        {
            char c = _text[_at];
            if (c is '$' or '`' or '\\' or '"' || (c == '\'' && !twice))
            {
                ReadPiece(parts, c);
            }
            else
            {
                depth += c == open ? 1 : c == close ? -1 : 0;
                _at++;
            }
        }

        _depth--;
        if (depth > 0)
        {
            Fail($"'{close}' is missing");
        }

        return new Opaque([.. parts.Done().Where(part => part is Substitution or Opaque)]);
    }

    // Whether what was opened by "((" before this place is closed by "))", as arithmetic is, and not by ") )", as two shells are.
    private bool ParenthesesClose(int start)
    {
        int depth = 2;
        for (int at = start; at < _text.Length; at++)
        {
            depth += _text[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 1 && _text[at] == ')')
            {
                return at + 1 < _text.Length && _text[at + 1] == ')';
            }
        }

        Fail("'))' is missing");
        return true;
    }

    private Substitution Backticks(bool isQuoted)
    {
        StringBuilder text = new();
        for (_at++; _at < _text.Length && _text[_at] != '`'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length
                && (_text[_at + 1] is '`' or '\\' or '$' || (isQuoted && _text[_at + 1] == '"')))
            {
                _at++;
            }

            text.Append(_text[_at]);
        }

        if (_at >= _text.Length)
        {
            Fail("a ` is not closed");
        }

        _at++;
        if (!Enter())
        {
            return new Substitution(new Sequence([]), IsProcess: false, isQuoted);
        }

        ParsedText inner = Parse(text.ToString(), _depth);
        _depth--;
        if (inner.Trouble is { } trouble)
        {
            Fail(trouble);
        }

        return new Substitution(inner.Root, IsProcess: false, isQuoted);
    }

    // $'…', at its quote. An escape that is not known stands for itself.
    private Literal Escaped()
    {
        StringBuilder text = new();
        for (_at++; _at < _text.Length && _text[_at] != '\''; _at++)
        {
            if (_text[_at] != '\\' || _at + 1 >= _text.Length)
            {
                text.Append(_text[_at]);
                continue;
            }

            char c = _text[++_at];
            text.Append(c switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'a' => '\a',
                'b' => '\b',
                'e' or 'E' => '\u001b',
                'f' => '\f',
                'v' => '\v',
                'x' => Number(NumberStyles.AllowHexSpecifier, 2),
                'u' => Number(NumberStyles.AllowHexSpecifier, 4),
                _ => c,
            });
        }

        if (_at >= _text.Length)
        {
            Fail("a $' is not closed");
        }

        _at++;
        return new Literal(text.ToString(), IsQuoted: true);
    }

    private char Number(NumberStyles style, int most)
    {
        int end = _at + 1;
        while (end < _text.Length && end - _at <= most && char.IsAsciiHexDigit(_text[end]))
        {
            end++;
        }

        bool isNumber = int.TryParse(_text.AsSpan(_at + 1, end - _at - 1), style, CultureInfo.InvariantCulture, out int number);
        _at = end - 1;
        return isNumber ? (char)number : '\\';
    }
}
