namespace Klock.Agents.Shell.Syntax;

/// <content>Simple and compound commands.</content>
internal sealed partial class ShellParser
{
    private Node? Command()
    {
        SkipBlanks();
        if (Compound() is not { } body)
        {
            return SimpleCommand();
        }

        List<Redirection> redirections = [];
        for (SkipBlanks(); TakeRedirection(redirections); SkipBlanks())
        {
            // All of them are read.
        }

        return redirections.Count == 0 ? body : new Redirected(body, redirections);
    }

    private Node? Compound()
    {
        if (IsAt("((") && ParenthesesClose(_at + 2))
        {
            _at += 2;
            return new Condition([new Word([ReadOpaque('(', ')', twice: true)], "(( ))")]);
        }

        return Take("(") ? new Subshell(ListTo(")"))
            : Take("{") ? ListTo("}")
            : Take("if") ? IfCommand()
            : Take("while") || Take("until") ? new Loop(ListTo("do"), ListTo("done"))
            : Take("for") || Take("select") ? ForCommand()
            : Take("case") ? CaseCommand()
            : Take("[[") ? TestCommand()
            : Take("function") ? NamedFunction()
            : Take("coproc") ? Background()
            : null;
    }

    // A sign, or a word of its own.
    private bool Take(string what)
    {
        bool isThere = what == "(" ? IsAt('(') : IsAtWord(what);
        _at += isThere ? what.Length : 0;
        return isThere;
    }

    private If IfCommand()
    {
        List<(Sequence, Sequence)> branches = [];
        do
        {
            Sequence condition = ListTo("then");
            branches.Add((condition, List("elif", "else", "fi")));
        }
        while (Take("elif"));
        Sequence? otherwise = Take("else") ? List("fi") : null;
        Expect("fi");
        return new If(branches, otherwise);
    }

    private Node ForCommand()
    {
        SkipBlanks();
        if (IsAt("(("))
        {
            _at += 2;
            Condition head = new([new Word([ReadOpaque('(', ')', twice: true)], "(( ))")]);
            SkipBlanks();
            _at += IsAt(';') ? 1 : 0;
            return new Loop(new Sequence([(head, false)]), DoBody());
        }

        string name = ReadWord()?.Bare ?? "";
        List<Word>? words = null;
        SkipLines();
        if (Take("in"))
        {
            words = [];
            for (SkipBlanks(); ReadWord() is { } word; SkipBlanks())
            {
                words.Add(word);
            }
        }

        SkipBlanks();
        _at += IsAt(';') ? 1 : 0;
        return new For(name, words, DoBody());
    }

    private Sequence DoBody()
    {
        SkipLines();
        if (Take("{"))
        {
            return ListTo("}");
        }

        Expect("do");
        return ListTo("done");
    }

    private Case CaseCommand()
    {
        SkipBlanks();
        Word subject = ReadWord() ?? new Word([], "");
        Expect("in");
        List<Sequence> branches = [];
        for (SkipLines(); _at < _text.Length && !IsAtWord("esac"); SkipLines())
        {
            Take("(");
            SkipPatterns();
            branches.Add(List(";;", ";&", "esac"));
            _at += IsAt(";;&") ? 3 : IsAt(";;") || IsAt(";&") ? 2 : 0;
        }

        Expect("esac");
        return new Case(subject, branches);
    }

    private void SkipPatterns()
    {
        for (SkipBlanks(); ReadWord() is not null || IsAt('|'); SkipBlanks())
        {
            _at += IsAt('|') ? 1 : 0;
        }

        Expect(")");
    }

    // Within it, < > && || ( ) are operators of the test and neither redirections nor lists.
    private Condition TestCommand()
    {
        List<Word> words = [];
        while (_at < _text.Length)
        {
            SkipBlanks();
            if (IsAt('\n'))
            {
                SkipLine();
            }
            else if (Take("]]"))
            {
                return new Condition(words);
            }
            else if (ReadWord() is { } word)
            {
                words.Add(word);
            }
            else
            {
                _at++;
            }
        }

        Fail("']]' is missing");
        return new Condition(words);
    }

    private Subshell? Background() =>
        Enter() && Command() is { } body ? Left(new Subshell(new Sequence([(body, true)]))) : null;

    private Function? NamedFunction()
    {
        SkipBlanks();
        return FunctionOf(ReadWord()?.Source);
    }

    private Function? FunctionOf(string? name)
    {
        SkipBlanks();
        if (IsAt('('))
        {
            _at++;
            Expect(")");
        }

        SkipLines();
        return name is not null && Enter() && Command() is { } body ? Left(new Function(name, body)) : null;
    }

    private Node? SimpleCommand()
    {
        List<Assignment> assignments = [];
        List<Word> words = [];
        List<Redirection> redirections = [];
        while (true)
        {
            SkipBlanks();
            if (IsAt('#'))
            {
                break;
            }

            if (TakeRedirection(redirections))
            {
                continue;
            }

            if (ReadWord(isCommand: words.Count == 0) is not { } word)
            {
                break;
            }

            if (words.Count == 0 && AssignmentOf(word) is { } assignment)
            {
                assignments.Add(assignment);
                continue;
            }

            words.Add(word);
            SkipBlanks();
            if (words.Count == 1 && word.Bare is { } name && IsAt('('))
            {
                return FunctionOf(name);
            }
        }

        return assignments.Count + words.Count + redirections.Count == 0 ? null : new Simple(assignments, words, redirections);
    }

    private static Assignment? AssignmentOf(Word word)
    {
        if (word.Parts is not [Literal { IsQuoted: false } head, ..])
        {
            return null;
        }

        int end = NameEnd(head.Text, 0);
        string rest = head.Text[end..];
        if (end == 0 || rest.Length == 0 || rest[0] is not ('=' or '+' or '['))
        {
            return null;
        }

        if (rest[0] == '=')
        {
            IEnumerable<WordPart> first = rest.Length > 1 ? [new Literal(rest[1..], IsQuoted: false)] : [];
            return new Assignment(head.Text[..end], new Word([.. first, .. word.Parts.Skip(1)], word.Source), word);
        }

        bool isOne = rest.StartsWith("+=", StringComparison.Ordinal)
            || (rest[0] == '[' && word.Source.Contains("]=", StringComparison.Ordinal));
        return isOne ? new Assignment(head.Text[..end], Value: null, word) : null;
    }

    // Where a variable's name ends that begins here.
    private static int NameEnd(string text, int start)
    {
        int end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')
            && !(end == start && char.IsAsciiDigit(text[end])))
        {
            end++;
        }

        return end;
    }

    private T Left<T>(T result)
    {
        _depth--;
        return result;
    }
}
