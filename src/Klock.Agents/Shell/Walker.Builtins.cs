using Klock.Agents.Shell.Findings;
using Klock.Agents.Shell.Verbs;

namespace Klock.Agents.Shell;

/// <content>Commands of the shell that change the shell itself.</content>
internal sealed partial class Walker
{
    private readonly ShellContext _context;

    // False when it is none of them.
    private bool TryBuiltin(string name, IReadOnlyList<Argument> arguments, string? input)
    {
        switch (name)
        {
            case "cd" or "chdir":
                ChangeFolder(arguments);
                break;
            case "pushd":
                _state = _state with { Pushed = _state.Pushed.Push(_state.Folder) };
                ChangeFolder(arguments);
                break;
            case "popd":
                string? folder = null;
                _state = _state with { Pushed = _state.Pushed.IsEmpty ? [] : _state.Pushed.Pop(out folder) };
                _state = _state.At(folder);
                break;
            case "export" or "declare" or "local" or "readonly" or "typeset":
                Assign(arguments);
                break;
            case "read" or "mapfile" or "readarray" or "unset" or "getopts" or "let":
                Forget(arguments);
                break;
            case "set" or "shift":
                // Options begin with a sign; anything else are new arguments.
                bool isOptions = name == "set"
                    && arguments.All(each => each.Text is { Length: > 1 } text && text[0] is '-' or '+' && text != "--");
                _state = isOptions ? _state
                    : name == "set" ? _state with { Arguments = [.. arguments.SkipWhile(each => each.Text == "--")] }
                    : _state with { Arguments = arguments.Count > 0 || _state.Arguments is null ? null : [.. _state.Arguments.Skip(1)] };
                break;
            case "exit" or "return":
                _state = _state with { HasLeft = true };
                break;
            case "eval":
                Evaluate(string.Join(' ', arguments.Select(each => each.Text ?? "")), arguments.Any(each => each.Text is null));
                break;
            case "trap":
                Apart(() => Evaluate(arguments.Count > 1 ? arguments[0].Text ?? "" : "", arguments.Count > 1 && arguments[0].Text is null));
                break;
            case "source" or ".":
                _found.Unknown($"what {(arguments.Count > 0 ? arguments[0].Source : name)} does is not known");
                break;
            case "builtin" or "command" when arguments.Count > 0 && arguments[0].Text?.StartsWith('-') != true:
                RunCommand(arguments, input);
                break;
            default:
                return false;
        }

        return true;
    }

    private void ChangeFolder(IReadOnlyList<Argument> arguments)
    {
        Argument[] given = [.. arguments.SkipWhile(each => each.Text is { Length: > 1 } text && text[0] == '-')];
        string? folder = given.Length == 0 ? _state.Variables.GetValueOrDefault("HOME") ?? _context.Home
            : given[0].Text == "-" ? _state.LastFolder
            : given[0].Text is not { } text ? null
            : text.Length == 0 ? _state.Folder
            : LexicalPath.Resolve(_state.Folder, text);
        _state = _state.At(folder?.Length > LexicalPath.MaxLength ? null : folder);
    }

    private void Assign(IReadOnlyList<Argument> arguments)
    {
        foreach (Argument argument in arguments)
        {
            string text = argument.Text ?? argument.Source;
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                _state = _state.With(text[..equals].TrimEnd('+'),
                    argument.Text is null || text[equals - 1] == '+' ? null : Limited(text[(equals + 1)..]));
            }
        }
    }

    private void Forget(IReadOnlyList<Argument> arguments)
    {
        foreach (Argument argument in arguments)
        {
            _state = _state.With(argument.Text?.Split('=')[0] ?? "", null);
        }
    }

    private void Evaluate(string text, bool isUnknown)
    {
        if (isUnknown)
        {
            _found.Unknown("what a text does that is put together when it runs is not known");
        }
        else
        {
            RunParsed(text);
        }
    }
}
