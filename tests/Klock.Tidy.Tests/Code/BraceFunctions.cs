using System.Text;
using System.Text.RegularExpressions;
using Klock.Tidy.Tests.Files;

namespace Klock.Tidy.Tests.Code;

/// <summary>
/// Finds functions in C#, C, C++ and JavaScript by their braces, in text whose comments and strings are blanked.
/// What holds functions (a namespace, a type) is walked into; what stands in it is measured whole, nested functions with it.
/// </summary>
internal sealed class BraceFunctions
{
    private static readonly Regex _csharpContainer = Make(@"^[^(=]*\b(class|struct|interface|enum|record|namespace|extension)\b");
    private static readonly Regex _otherContainer = Make(@"^[^(=]*\b(class|struct|interface|enum|union|namespace|extern)\b[^(=]*$");

    private readonly string _text;
    private readonly Language _language;
    private readonly List<CodeSpan> _found = [];
    private int _at;

    private BraceFunctions(string blanked, Language language) => (_text, _language) = (blanked, language);

    /// <summary>Every function, property and statement that stands in a type, a namespace or the file itself.</summary>
    public static IEnumerable<CodeSpan> Find(string blanked, Language language)
    {
        BraceFunctions walk = new(blanked, language);
        while (walk._at < walk._text.Length)
        {
            walk.Declaration();
        }

        return walk._found;
    }

    // Up to its semicolon or its closing brace; of a container, only up to the opening one.
    private void Declaration()
    {
        SkipBetween();
        int start = _at;
        string header = Header();
        if (_at == _text.Length || _text[_at] == '}' || (_text[_at] == '{' && IsContainer(header)))
        {
            // Nothing was declared here that could be measured: the last member of an enum, say.
            _at = Math.Min(_at + 1, _text.Length);
            return;
        }

        bool isAssigned = header.Contains('=', StringComparison.Ordinal) && !header.Contains("operator", StringComparison.Ordinal);
        SkipBody(isAssigned);
        string whole = _text[start.._at];
        // A table is long for other reasons than a function is.
        bool isData = isAssigned
            && !whole.Contains("=>", StringComparison.Ordinal) && !whole.Contains("function", StringComparison.Ordinal);
        if (!isData)
        {
            _found.Add(new CodeSpan(LineAt(start), LineAt(_at - 1)));
        }
    }

    private void SkipBetween()
    {
        while (_at < _text.Length && (char.IsWhiteSpace(_text[_at]) || _text[_at] is '}' or ';'))
        {
            _at++;
        }
    }

    // What stands before the first brace or semicolon; of parentheses only that there were some, of attributes nothing.
    private string Header()
    {
        StringBuilder header = new();
        while (_at < _text.Length && _text[_at] is not ('{' or '}' or ';'))
        {
            char current = _text[_at];
            if (current is '(' or '[')
            {
                SkipBrackets();
                header.Append(current == '(' ? "()" : "");
            }
            else
            {
                header.Append(current);
                _at++;
            }
        }

        return header.ToString();
    }

    private void SkipBody(bool isAssigned)
    {
        bool ended = false;
        while (_at < _text.Length && !ended)
        {
            char current = _text[_at];
            if (current is '{' or '(' or '[')
            {
                SkipBrackets();
                ended = current == '{' && !isAssigned && !GoesOn();
            }
            else
            {
                ended = current is ';' or '}';
                _at += current == '}' ? 0 : 1;
            }
        }
    }

    // "{ get; } = 1;" and "X() : a{1}, b{2} { }" go on after their first block.
    private bool GoesOn()
    {
        ReadOnlySpan<char> next = _text.AsSpan(_at).TrimStart();
        return !next.IsEmpty && next[0] is ',' or '=' or '{' or '.';
    }

    private void SkipBrackets()
    {
        int depth = 0;
        do
        {
            depth += _text[_at] switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
            _at++;
        }
        while (depth > 0 && _at < _text.Length);
    }

    private bool IsContainer(string header) => (_language == Language.CSharp ? _csharpContainer : _otherContainer).IsMatch(header);

    private int LineAt(int position) => _text.AsSpan(0, position).Count('\n') + 1;

    private static Regex Make(string pattern) => new(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
