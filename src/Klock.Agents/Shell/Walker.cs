using Klock.Agents.Changes;
using Klock.Agents.Shell.Findings;
using Klock.Agents.Shell.Syntax;
using Klock.Agents.Shell.Verbs;

namespace Klock.Agents.Shell;

/// <summary>Goes through a text as the shell would, every way of it, and gathers what its commands write. For one text and
/// thread.</summary>
internal sealed partial class Walker : IRunner
{
    /// <summary>The most commands, simple and compound, that are looked at; those of a loop once for each of its words.</summary>
    public const int MaxSteps = 20_000;

    /// <summary>How deep commands, functions, substitutions and shells within shells may stand in each other.</summary>
    public const int MaxDepth = 96;

    /// <summary>The most that is read again because a command hands it on (<c>eval</c>, <c>bash -c</c>, <c>sudo</c>): letters, and
    /// words.</summary>
    public const int MaxAgain = 1024 * 1024;

    private readonly Collector _found = new();
    private readonly CallContext _calls;
    private readonly Expander _expander;
    private ShellState _state;
    private int _again;
    private int _steps;
    private int _depth;

    private Walker(ShellContext context)
    {
        _state = new ShellState { Folder = LexicalPath.Resolve(null, context.Folder) };
        _calls = new CallContext(_state.Folder ?? context.Folder, context.Files, _found, this);
        _expander = new Expander(context, body => Apart(() => Run(body)));
        _context = context;
    }

    /// <summary>Finds what a text writes.</summary>
    public static ShellEffects Walk(string text, ShellContext context)
    {
        Walker walker = new(context);
        walker.RunParsed(text);
        return walker._found.Done();
    }

    /// <inheritdoc/>
    public void Run(IReadOnlyList<Argument> command, string? folder, string? input) => Apart(() =>
    {
        _state = _state with { Folder = folder };
        if (MayReadAgain(command.Count))
        {
            RunCommand(command, input);
        }
    });

    /// <inheritdoc/>
    public void RunText(string text, IReadOnlyList<Argument>? arguments, string? folder) => Apart(() =>
    {
        _state = _state with { Folder = folder, Arguments = arguments };
        RunParsed(text);
    });

    private void RunParsed(string text)
    {
        if (!MayReadAgain(text.Length))
        {
            return;
        }

        ParsedText parsed = ShellParser.Parse(text);
        Run(parsed.Root);
        if (parsed.Trouble is { } trouble)
        {
            _found.Unknown($"the command cannot be read to its end: {trouble}");
        }
    }

    private bool MayReadAgain(int length)
    {
        _again = (int)Math.Min((long)_again + length, int.MaxValue);
        if (_again > MaxAgain)
        {
            _found.Unknown($"more than {MaxAgain} letters are handed on from command to command");
        }

        return _again <= MaxAgain;
    }

    private void Run(Sequence list)
    {
        foreach ((Node command, bool isBackground) in list.Items)
        {
            if (_state.HasLeft)
            {
                return;
            }

            if (isBackground)
            {
                Apart(() => Run(command));
            }
            else
            {
                Run(command);
            }
        }
    }

    private void Run(Node node)
    {
        if (++_steps > MaxSteps)
        {
            _found.Unknown($"more than {MaxSteps} commands");
            return;
        }

        if (!Enter())
        {
            return;
        }

        switch (node)
        {
            case Simple simple: RunSimple(simple); break;
            case Sequence list: Run(list); break;
            case Chain chain: RunChain(chain); break;
            case Pipeline pipeline: RunPipeline(pipeline); break;
            case Redirected redirected: Redirect(redirected.Redirections); Run(redirected.Body); break;
            case Subshell subshell: Apart(() => Run(subshell.Body)); break;
            case If branches: RunIf(branches); break;
            case Loop loop: RunLoop(loop); break;
            case For loop: RunFor(loop); break;
            case Case branches: RunCase(branches); break;
            case Function function when _state.Functions.Count < ShellState.MaxVariables:
                _state = _state with { Functions = _state.Functions.SetItem(function.Name, function.Body) };
                break;
            case Function: _found.Unknown($"more than {ShellState.MaxVariables} functions"); break;
            case Condition condition: _expander.RunWithin(condition.Words.SelectMany(word => word.Parts)); break;
            default: throw new InvalidOperationException(node.GetType().Name);
        }

        _depth--;
    }

    // In a shell of its own: whatever it does to its state is forgotten.
    private void Apart(Action run)
    {
        if (!Enter())
        {
            return;
        }

        ShellState before = _state;
        run();
        _state = before;
        _depth--;
    }

    private bool Enter()
    {
        if (_depth >= MaxDepth)
        {
            _found.Unknown($"commands stand in each other more than {MaxDepth} levels deep");
            return false;
        }

        _depth++;
        return true;
    }

    private void RunSimple(Simple simple)
    {
        List<(string Name, string? Value)> assigned =
            [.. simple.Assignments.Select(each => (each.Name, Limited(each.Value is { } value ? _expander.Text(value, _state) : null)))];
        _expander.RunWithin(simple.Assignments.Where(each => each.Value is null).SelectMany(each => each.Source.Parts));
        List<Argument> command = _expander.Arguments(simple.Words, _state);
        string? input = Redirect(simple.Redirections);
        if (simple.Words.Count > 0)
        {
            RunCommand(command, input ?? _input);
            return;
        }

        foreach ((string name, string? value) in assigned)
        {
            _state = _state.With(name, value);
        }
    }

    private static string? Limited(string? value) => value?.Length > Expander.MaxValue ? null : value;

    // Gives what the command reads, where that stands in the text.
    private string? Redirect(IReadOnlyList<Redirection> redirections)
    {
        string? input = null;
        foreach (Redirection each in redirections)
        {
            if (each.Kind is RedirectionKind.Document or RedirectionKind.String)
            {
                input = _expander.Text(each.Target, _state);
                continue;
            }

            List<Argument> target = _expander.Arguments([each.Target], _state);
            bool isFile = each.Kind != RedirectionKind.Duplicate
                || (each.IsOutput && target is [{ Text: not "-" } only] && !IsDescriptor(only.Text));
            if (each.Kind != RedirectionKind.Read && isFile && target is [var file])
            {
                bool isKept = each.Kind is RedirectionKind.Append or RedirectionKind.ReadWrite;
                new Call(">", [], _state.Folder, Input: null, _calls).Change(isKept ? ChangeKind.Edit : ChangeKind.Overwrite, file);
            }
        }

        return input;
    }

    private static bool IsDescriptor(string? text) => text is { Length: > 0 } && text.TrimEnd('-').All(char.IsAsciiDigit);

    private void RunCommand(IReadOnlyList<Argument> command, string? input)
    {
        if (command.Count == 0 || _state.HasLeft || !Enter())
        {
            return;
        }

        if (command[0].Text is not { } name)
        {
            _found.Unknown($"which program {command[0].Source} is, is not known");
        }
        else if (_state.Functions.TryGetValue(name, out Node? body))
        {
            CallFunction(body, [.. command.Skip(1)]);
        }
        else if (!TryBuiltin(name, [.. command.Skip(1)], input))
        {
            VerbTable.Read(new Call(Program(name), [.. command.Skip(1)], _state.Folder, input, _calls));
        }

        _depth--;
    }

    // A program that is named by its path is known by its name only where programs are installed; "./sed" may be anything.
    private static string Program(string name)
    {
        int slash = name.LastIndexOf('/');
        return slash > 0 && name[..slash].EndsWith("bin", StringComparison.Ordinal) ? name[(slash + 1)..] : name;
    }

    private void CallFunction(Node body, IReadOnlyList<Argument> arguments)
    {
        IReadOnlyList<Argument>? before = _state.Arguments;
        _state = _state with { Arguments = arguments };
        Run(body);
        _state = _state with { Arguments = before, HasLeft = false };
    }
}
