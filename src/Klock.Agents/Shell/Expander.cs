using System.Text;
using Klock.Agents.Shell.Findings;
using Klock.Agents.Shell.Syntax;
using Klock.Agents.Shell.Verbs;

namespace Klock.Agents.Shell;

/// <summary>Turns words into arguments, as far as they are known from the text and the view of the disk. For one thread.</summary>
/// <param name="context">What the text starts with.</param>
/// <param name="run">Reads the commands of a substitution.</param>
internal sealed class Expander(ShellContext context, Action<Sequence> run)
{
    /// <summary>The most arguments that patterns, braces and lists of one text make; further words are unknown.</summary>
    public const int MaxArguments = 10_000;

    /// <summary>The longest value of a variable, and about the longest word that holds some, in UTF-16 units.</summary>
    public const int MaxValue = 16_384;

    /// <summary>The most letters, in UTF-16 units, of all words of one text, those of loops once for each turn; what is beyond is
    /// unknown.</summary>
    public const int MaxLetters = 4 * 1024 * 1024;

    private int _left = MaxArguments;
    private int _letters = MaxLetters;

    /// <summary>The arguments that words become.</summary>
    public List<Argument> Arguments(IEnumerable<Word> words, ShellState state)
    {
        List<Argument> all = [];
        foreach (Word word in words)
        {
            all.AddRange(word.Parts is [Variable { Name: "@" or "*" }] && state.Arguments is { } given ? given : Expand(word, state));
        }

        return all;
    }

    /// <summary>A word as one text, without splitting and patterns: a value, a here-document. Null when it is not known.</summary>
    public string? Text(Word word, ShellState state)
    {
        if (word.Parts is [Literal { IsQuoted: true } only])
        {
            return only.Text;
        }

        Letters letters = new();
        return Collect(word, state, letters) && WithHome(letters) ? letters.Text.ToString() : null;
    }

    /// <summary>Reads only the commands that run within a word.</summary>
    public void RunWithin(IEnumerable<WordPart> parts)
    {
        foreach (WordPart part in parts)
        {
            if (part is Substitution substitution)
            {
                run(substitution.Body);
            }
            else if (part is Opaque opaque)
            {
                RunWithin(opaque.Inner);
            }
        }
    }

    private List<Argument> Expand(Word word, ShellState state)
    {
        if (word.Parts is [Literal { IsQuoted: true } only])
        {
            return [new Argument(only.Text, word.Source)];
        }

        Letters letters = new();
        if (!Collect(word, state, letters) || !WithHome(letters))
        {
            return [new Argument(null, word.Source)];
        }

        string text = letters.Text.ToString();
        bool[] quoted = [.. letters.Quoted];
        bool hasBraces = Enumerable.Range(0, text.Length).Any(at => text[at] == '{' && !quoted[at]);
        List<Argument> arguments = [];
        List<(string Text, bool[] Quoted)>? words = !hasBraces ? [(text, quoted)] : _left > 0 ? Braces.Expand(text, quoted) : null;
        foreach ((string each, bool[] marks) in words ?? [])
        {
            Split(each, marks, word, state, arguments);
        }

        bool isEmpty = arguments.Count == 0 && word.Parts.Any(part => part is Literal { IsQuoted: true } or Variable { IsQuoted: true });
        // What a word is anyway costs nothing.
        _left -= Math.Max(arguments.Count - 1, 0);
        return words is null || (_left < 0 && arguments.Count > 1) ? [new Argument(null, word.Source)]
            : isEmpty ? [new Argument("", word.Source)] : arguments;
    }

    // At blanks that no quote keeps, which come from values only.
    private void Split(string text, bool[] quoted, Word word, ShellState state, List<Argument> found)
    {
        int start = 0;
        for (int at = 0; at <= text.Length; at++)
        {
            if (at == text.Length || (!quoted[at] && char.IsWhiteSpace(text[at])))
            {
                if (at > start)
                {
                    Match(text[start..at], quoted[start..at], word, state, found);
                }

                start = at + 1;
            }
        }
    }

    private void Match(string text, bool[] quoted, Word word, ShellState state, List<Argument> found)
    {
        bool hasStar = Enumerable.Range(0, text.Length).Any(at => !quoted[at] && text[at] is '*' or '?');
        int bracket = text.IndexOf('[', StringComparison.Ordinal);
        bool hasSet = bracket >= 0 && !quoted[bracket] && text.IndexOf(']', bracket) > bracket + 1;
        // The question mark of an address is no pattern: no file is called like that.
        if ((!hasStar && !hasSet) || text.Contains("://", StringComparison.Ordinal))
        {
            found.Add(new Argument(text, word.Source));
            return;
        }

        StringBuilder pattern = new();
        if (!LexicalPath.IsAbsolute(text) && state.Folder is { } folder)
        {
            AppendPlain(pattern, folder).Append('/');
        }

        for (int at = 0; at < text.Length; at++)
        {
            _ = quoted[at] ? AppendPlain(pattern, text.AsSpan(at, 1)) : pattern.Append(text[at]);
        }

        IReadOnlyList<string>? names = _left > 0 && LexicalPath.Resolve(null, pattern.ToString()) is { } full
            ? context.Files?.Expand(full) : null;
        if (names is null)
        {
            found.Add(new Argument(null, word.Source));
        }
        else if (names.Count == 0 && !hasStar)
        {
            // What matches nothing stands for itself: "app/[id]/page.tsx". With a star in it, it would be no file's name.
            found.Add(new Argument(text, word.Source));
        }
        else
        {
            found.AddRange(names.Select(name => new Argument(name, word.Source)));
        }
    }

    // As text that a pattern takes as it is.
    private static StringBuilder AppendPlain(StringBuilder pattern, ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            pattern.Append(c is '*' or '?' or '[' or ']' or '\\' ? "\\" : "").Append(c);
        }

        return pattern;
    }

    // False when a part is not known; what runs within is read all the same.
    private bool Collect(Word word, ShellState state, Letters letters)
    {
        bool isKnown = true;
        foreach (WordPart part in word.Parts)
        {
            switch (part)
            {
                case Literal literal when (_letters -= literal.Text.Length) >= 0:
                    letters.Append(literal.Text, literal.IsQuoted, isValue: false);
                    break;
                case Variable variable when _letters >= 0 && Value(variable.Name, state) is { } value
                    && letters.Text.Length + value.Length <= MaxValue:
                    _letters -= value.Length;
                    letters.Append(value, variable.IsQuoted, isValue: true);
                    break;
                case Substitution { IsProcess: true } process:
                    run(process.Body);
                    letters.Append("/dev/fd/63", isQuoted: true, isValue: true);
                    break;
                case Substitution substitution when Output(substitution.Body, state) is { } output:
                    letters.Append(output, substitution.IsQuoted, isValue: true);
                    break;
                default:
                    RunWithin([part]);
                    isKnown = false;
                    break;
            }
        }

        return isKnown;
    }

    private string? Value(string name, ShellState state) => name switch
    {
        "PWD" => state.Folder,
        "OLDPWD" => state.LastFolder,
        "@" or "*" => state.Arguments?.All(each => each.Text is not null) == true
            ? string.Join(' ', state.Arguments.Select(each => each.Text)) : null,
        "#" => state.Arguments?.Count.ToString(),
        [>= '1' and <= '9'] when state.Arguments is { } all => name[0] - '1' < all.Count ? all[name[0] - '1'].Text : "",
        _ => state.Variables.GetValueOrDefault(name) ?? (name == "HOME" ? context.Home : null),
    };

    // Of a few commands it is known what they print.
    private string? Output(Sequence body, ShellState state) =>
        body.Items is [(Simple { Assignments: [], Redirections: [] } only, false)]
            ? string.Join(' ', only.Words.Select(word => word.Bare)) switch
            {
                "pwd" => state.Folder,
                "git rev-parse --show-toplevel" when state.Folder == context.Folder => context.Top,
                _ => null,
            }
            : null;

    // A tilde at the beginning; false when nobody knows whose it is.
    private bool WithHome(Letters letters)
    {
        if (letters.Text.Length == 0 || letters.Text[0] != '~' || letters.Quoted[0])
        {
            return true;
        }

        if (context.Home is not { } home || (letters.Text.Length > 1 && letters.Text[1] != '/'))
        {
            return false;
        }

        letters.Text.Remove(0, 1).Insert(0, home);
        letters.Quoted.RemoveAt(0);
        letters.Quoted.InsertRange(0, Enumerable.Repeat(true, home.Length));
        return true;
    }

    // A word's letters, each with whether a quote keeps it from meaning anything.
    private sealed class Letters
    {
        public StringBuilder Text { get; } = new();

        public List<bool> Quoted { get; } = [];

        // In a value, blanks and patterns still mean something; braces and a tilde do not.
        public void Append(string text, bool isQuoted, bool isValue)
        {
            Text.Append(text);
            foreach (char c in text)
            {
                Quoted.Add(isQuoted || (isValue && c is '{' or '}' or '~'));
            }
        }
    }
}
