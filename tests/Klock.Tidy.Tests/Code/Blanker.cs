using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Code;

/// <summary>Replaces comments, strings and preprocessor lines by blanks, so that every brace left is one of the code's.</summary>
internal sealed partial class Blanker
{
    private readonly string _text;
    private readonly Language _language;
    private readonly char[] _blanked;
    private int _at;

    private Blanker(string text, Language language)
    {
        _text = text;
        _language = language;
        _blanked = text.ToCharArray();
    }

    /// <summary>The text with the same lines and columns, less what the compiler does not read as code.</summary>
    public static string Blank(string text, Language language)
    {
        Blanker blanker = new(text, language);
        blanker.SkipCode(isHole: false);
        return new string(blanker._blanked);
    }

    // To the end of the text, or, in the hole of an interpolated string, to the brace that closes it.
    private void SkipCode(bool isHole)
    {
        int depth = 0;
        while (_at < _text.Length)
        {
            int start = _at;
            if (SkipComment() || SkipString())
            {
                Erase(start);
                continue;
            }

            depth += _text[_at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (isHole && depth < 0)
            {
                return;
            }

            _at++;
        }
    }

    private bool SkipComment()
    {
        if (_language == Language.Python ? At("#") : At("//") || IsPreprocessorLine())
        {
            SkipLine();
            return true;
        }

        if (_language != Language.Python && At("/*"))
        {
            SkipTo("*/");
            return true;
        }

        return false;
    }

    private bool IsPreprocessorLine()
    {
        int lineStart = _at == 0 ? 0 : _text.LastIndexOf('\n', _at - 1) + 1;
        return _language is Language.C or Language.CSharp && At("#") && _text.AsSpan(lineStart, _at - lineStart).IsWhiteSpace();
    }

    private void SkipLine()
    {
        do
        {
            int end = _text.IndexOf('\n', _at);
            _at = end < 0 ? _text.Length : end + 1;
        }
        // A macro goes on after a backslash.
        while (_language == Language.C && _at < _text.Length && _at >= 2 && _text[_at - 2] == '\\');
    }

    private void SkipTo(string end)
    {
        int found = _text.IndexOf(end, _at, StringComparison.Ordinal);
        _at = found < 0 ? _text.Length : found + end.Length;
    }

    private void Erase(int start)
    {
        for (int at = start; at < _at; at++)
        {
            _blanked[at] = _text[at] == '\n' ? '\n' : ' ';
        }
    }

    private bool At(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;
}
