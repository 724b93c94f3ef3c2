using System.Text;
using Klock.Client.Files;

namespace Klock.Client.Git;

/// <summary>The values in one of git's config files. Other files that it includes are not read.</summary>
/// <remarks>The syntax is that of git-config(1); what git would refuse is skipped.</remarks>
internal sealed class GitConfig
{
    private readonly List<(string Section, string Subsection, string Key, string Value)> _values = [];

    private GitConfig(string text) => Parse(text);

    /// <summary>Reads a file; one that is not there has no values.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static GitConfig Read(string path) => new(SmallFile.Read(path) ?? "");

    /// <summary>Reads a text.</summary>
    public static GitConfig Of(string text) => new(text);

    /// <summary>The first value of a key; null when it has none. An empty value clears those before it.</summary>
    /// <param name="section">In lower case.</param>
    /// <param name="subsection">Empty for none.</param>
    /// <param name="key">In lower case.</param>
    public string? First(string section, string subsection, string key)
    {
        string? first = null;
        foreach ((string Section, string Subsection, string Key, string Value) one in _values)
        {
            if (one.Section == section && one.Subsection == subsection && one.Key == key)
            {
                first = one.Value.Length == 0 ? null : first ?? one.Value;
            }
        }

        return first;
    }

    private void Parse(string text)
    {
        string section = "", subsection = "";
        var rest = new Reader(text);
        while (rest.SkipBlanks())
        {
            if (rest.Take('['))
            {
                (section, subsection) = rest.Header();
            }
            else
            {
                string key = rest.Key();
                string value = rest.Value();
                if (key.Length > 0)
                {
                    _values.Add((section, subsection, key, value));
                }
            }
        }
    }

    private struct Reader(string text)
    {
        private int _at;

        // Skips to the next header or key; false at the end.
        public bool SkipBlanks()
        {
            while (_at < text.Length)
            {
                if (text[_at] is '#' or ';')
                {
                    SkipLine();
                }
                else if (char.IsWhiteSpace(text[_at]) || text[_at] == '\uFEFF')
                {
                    _at++;
                }
                else
                {
                    return true;
                }
            }

            return false;
        }

        public bool Take(char wanted)
        {
            bool isThere = _at < text.Length && text[_at] == wanted;
            _at += isThere ? 1 : 0;
            return isThere;
        }

        // [section], [section "subsection"], or the old [section.subsection], which is in any case.
        public (string Section, string Subsection) Header()
        {
            int end = _at;
            while (end < text.Length && text[end] is not (']' or '"' or '\n'))
            {
                end++;
            }

            string[] names = text[_at..end].Trim().ToLowerInvariant().Split('.', 2);
            _at = end;
            string subsection = Take('"') ? Quoted() : names.Length > 1 ? names[1] : "";
            while (_at < text.Length && text[_at] is not (']' or '\n'))
            {
                _at++;
            }

            Take(']');
            return (names[0], subsection);
        }

        public string Key()
        {
            int start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '-'))
            {
                _at++;
            }

            string key = text[start.._at].ToLowerInvariant();
            while (_at < text.Length && text[_at] is ' ' or '\t')
            {
                _at++;
            }

            return key;
        }

        // Reads to the end of the line, or past it after a backslash. Without '=' the value is true, which is no text, and not needed here.
        public string Value()
        {
            if (!Take('='))
            {
                SkipLine();
                return "true";
            }

            var value = new StringBuilder();
            int kept = 0;
            bool isQuoted = false;
            for (; _at < text.Length && text[_at] != '\n'; _at++)
            {
                char c = text[_at];
                if (c == '"')
                {
                    isQuoted = !isQuoted;
                    kept = value.Length;
                }
                else if (c is '#' or ';' && !isQuoted)
                {
                    SkipLine();
                    break;
                }
                else if (c == '\\' && _at + 1 < text.Length)
                {
                    AppendEscaped(value, text[++_at]);
                    kept = value.Length;
                }
                else if (isQuoted || !char.IsWhiteSpace(c))
                {
                    value.Append(c);
                    kept = value.Length;
                }
                else if (value.Length > 0)
                {
                    value.Append(c);
                }
            }

            return value.ToString(0, kept);
        }

        private static void AppendEscaped(StringBuilder value, char c)
        {
            if (c != '\n')
            {
                value.Append(c switch { 'n' => '\n', 't' => '\t', 'b' => '\b', _ => c });
            }
        }

        private string Quoted()
        {
            var name = new StringBuilder();
            for (; _at < text.Length && text[_at] is not ('"' or '\n'); _at++)
            {
                if (text[_at] == '\\' && _at + 1 < text.Length)
                {
                    _at++;
                }

                name.Append(text[_at]);
            }

            Take('"');
            return name.ToString();
        }

        private void SkipLine()
        {
            while (_at < text.Length && text[_at] != '\n')
            {
                _at++;
            }
        }
    }
}
