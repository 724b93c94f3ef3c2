using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Code;

/// <content>The literals of each language.</content>
internal sealed partial class Blanker
{
    private bool SkipString()
    {
        char quote = _text[_at];
        switch (_language)
        {
            case Language.CSharp when quote == '"':
                SkipCSharpString();
                return true;
            case Language.C when quote == '"' && _at > 0 && _text[_at - 1] == 'R':
                int open = _text.IndexOf('(', _at);
                SkipTo(")" + _text[(_at + 1)..open] + "\"");
                return true;
            case Language.Python when quote is '"' or '\'' && At(new string(quote, 3)):
                string triple = new(quote, 3);
                _at += 3;
                SkipTo(triple);
                return true;
            case Language.JavaScript when quote == '`':
                SkipQuoted(quote, hole: "${");
                return true;
            case Language.JavaScript when quote == '/' && IsRegexHere():
                SkipQuoted(quote, hole: null);
                return true;
            // 1'000'000 in C++ has no literal in it.
            case Language.C when quote == '\'' && _at > 0 && char.IsAsciiHexDigit(_text[_at - 1]):
                return false;
            default:
                bool isQuote = quote is '"' or '\'';
                if (isQuote)
                {
                    SkipQuoted(quote, hole: null);
                }

                return isQuote;
        }
    }

    private void SkipCSharpString()
    {
        string prefix = _text[_text.AsSpan(0, _at).TrimEnd("$@").Length.._at];
        int quotes = _text.AsSpan(_at).IndexOfAnyExcept('"') is var run and >= 0 ? run : _text.Length - _at;
        if (quotes >= 3 && !prefix.Contains('@', StringComparison.Ordinal))
        {
            _at += quotes;
            SkipTo(new string('"', quotes));
        }
        else
        {
            SkipQuoted('"', prefix.Contains('$', StringComparison.Ordinal) ? "{" : null, prefix.Contains('@', StringComparison.Ordinal));
        }
    }

    // A hole holds code, with strings of its own. A verbatim string doubles its quotes instead of escaping them.
    private void SkipQuoted(char quote, string? hole, bool isVerbatim = false)
    {
        for (_at++; _at < _text.Length; _at++)
        {
            char current = _text[_at];
            bool isDoubled = _at + 1 < _text.Length && _text[_at + 1] == current;
            if ((current == '\\' && !isVerbatim) || (isDoubled && ((current == quote && isVerbatim) || (current == '{' && hole == "{"))))
            {
                _at++;
            }
            else if (current == quote)
            {
                _at++;
                return;
            }
            else if (hole is not null && At(hole))
            {
                _at += hole.Length;
                SkipCode(isHole: true);
            }
        }
    }

    // After a value a slash divides; anywhere else it opens a regular expression.
    private bool IsRegexHere()
    {
        ReadOnlySpan<char> before = _text.AsSpan(0, _at).TrimEnd();
        return before.IsEmpty || "(,=:[!&|?{};>".Contains(before[^1], StringComparison.Ordinal) || before.EndsWith("return");
    }
}
