using System.Text;

namespace Klock.Agents.Shell.Syntax;

/// <content>Words with their quotes and expansions.</content>
internal sealed partial class ShellParser
{
    // Null when there is no word here.
    private Word? ReadWord(bool isCommand = false)
    {
        int start = _at;
        Parts parts = new();
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (c is '<' or '>' && _at + 1 < _text.Length && _text[_at + 1] == '(')
            {
                _at += 2;
                parts.Add(Nested(isProcess: true, isQuoted: false));
            }
            else if (c == '(' && IsExtended(start, isCommand))
            {
                _at++;
                parts.Add(ReadOpaque('(', ')'));
            }
            else if (IsMeta(c))
            {
                break;
            }
            else
            {
                ReadPiece(parts, c);
            }
        }

        return _at == start ? null : new Word(parts.Done(), _text[start..Math.Min(_at, _text.Length)]);
    }

    private void ReadPiece(Parts parts, char c)
    {
        switch (c)
        {
            case '\\':
                _at++;
                if (_at < _text.Length && _text[_at] != '\n')
                {
                    parts.Append(_text[_at], isQuoted: true);
                }

                _at++;
                break;
            case '\'':
                int end = _text.IndexOf('\'', _at + 1);
                parts.AppendAll(_text.AsSpan(_at + 1, (end < 0 ? _text.Length : end) - _at - 1));
                _at = end + 1;
                if (end < 0)
                {
                    Fail("a ' is not closed");
                }

                break;
            case '"':
                _at++;
                List<WordPart> quoted = [];
                ReadQuoted(quoted, '"');
                quoted.ForEach(parts.Add);
                if (quoted.Count == 0)
                {
                    parts.AppendAll("");
                }

                break;
            case '$' or '`':
                parts.Add(Expansion(isQuoted: false));
                break;
            default:
                parts.Append(c, isQuoted: false);
                _at++;
                break;
        }
    }

    // "*(…)" and its like are patterns, "name=(…)" is an array. At the place of a command, "!(" and "f(" are something else.
    private bool IsExtended(int start, bool isCommand) => _at > start
        && (_text[_at - 1] == '=' ? NameEnd(_text, start) is var end && end > start && _at - 1 - end <= 1
            : !isCommand && _text[_at - 1] is '?' or '*' or '+' or '@' or '!');

    // What stands between double quotes, or, ended by nothing, in a here-document. The closing quote is taken.
    private void ReadQuoted(List<WordPart> found, char end)
    {
        Parts parts = new();
        while (_at < _text.Length && (end == '\0' || _text[_at] != end))
        {
            char c = _text[_at];
            if (c == '\\' && _at + 1 < _text.Length && (_text[_at + 1] is '$' or '`' or '\\' or '\n' || _text[_at + 1] == end))
            {
                if (_text[_at + 1] != '\n')
                {
                    parts.Append(_text[_at + 1], isQuoted: true);
                }

                _at += 2;
            }
            else if (c is '$' or '`')
            {
                parts.Add(Expansion(isQuoted: true));
            }
            else
            {
                parts.Append(c, isQuoted: true);
                _at++;
            }
        }

        found.AddRange(parts.Done());
        if (end != '\0' && _at >= _text.Length)
        {
            Fail($"a {end} is not closed");
        }

        _at++;
    }

    // Collects letters into literals.
    private sealed class Parts
    {
        private readonly List<WordPart> _parts = [];
        private readonly StringBuilder _open = new();
        private bool _isQuoted;
        private bool _isOpen;

        public void Append(char c, bool isQuoted)
        {
            if (_isOpen && _isQuoted != isQuoted)
            {
                Close();
            }

            (_isOpen, _isQuoted) = (true, isQuoted);
            _open.Append(c);
        }

        // Quoted text, which may be empty and is there all the same.
        public void AppendAll(ReadOnlySpan<char> text)
        {
            if (_isOpen && !_isQuoted)
            {
                Close();
            }

            (_isOpen, _isQuoted) = (true, true);
            _open.Append(text);
        }

        public void Add(WordPart part)
        {
            Close();
            _parts.Add(part);
        }

        public List<WordPart> Done()
        {
            Close();
            return _parts;
        }

        private void Close()
        {
            if (_isOpen)
            {
                _parts.Add(new Literal(_open.ToString(), _isQuoted));
                _open.Clear();
                _isOpen = false;
            }
        }
    }
}
