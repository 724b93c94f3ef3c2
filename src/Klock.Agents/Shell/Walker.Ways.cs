using Klock.Agents.Shell.Syntax;
using Klock.Agents.Shell.Verbs;

namespace Klock.Agents.Shell;

/// <content>Where a text may go one way or another, both are gone, and what they agree on is known afterwards.</content>
internal sealed partial class Walker
{
    // What the commands of a pipeline read, where it stands in the text: set while the one after it is read.
    private string? _input;

    private void RunChain(Chain chain)
    {
        ShellState before = _state;
        Run(chain.First);
        ShellState done = _state;
        ShellState failed = Failed(chain.First, before, done);
        bool mayFail = IsTest(chain.First);
        foreach ((bool isOr, Node command) in chain.Rest)
        {
            before = isOr ? failed : done;
            _state = before;
            Run(command);
            ShellState after = _state;
            done = isOr ? done.Or(after) : after;
            failed = isOr ? Failed(command, before, after) : failed.Or(Failed(command, before, after));
            mayFail = !isOr && (mayFail || IsTest(command));
        }

        // Of commands that are there to do something it is taken that they do: "cd a && make". A question may well be answered by no.
        _state = mayFail || done.HasLeft ? done.Or(failed) : done;
    }

    // A command that fails has changed nothing; a compound one may have got to any point.
    private static ShellState Failed(Node command, ShellState before, ShellState after) =>
        command is Simple ? before with { HasLeft = after.HasLeft } : before.Or(after);

    private static bool IsTest(Node command) => command is Condition
        || (command is Simple { Words: [var first, ..] }
            && first.Bare is "[" or "test" or "grep" or "command" or "which" or "false" or "type");

    private void RunPipeline(Pipeline pipeline)
    {
        string? input = null;
        foreach (Node part in pipeline.Parts)
        {
            Apart(() =>
            {
                _input = input;
                Run(part);
                _input = null;
            });
            input = Printed(part);
        }
    }

    // What a command prints, where that is no more than its text: "cat" with a here-document, "echo" with one word.
    private string? Printed(Node command) => command switch
    {
        Simple { Words: [{ Bare: "cat" }], Redirections: [{ Kind: RedirectionKind.Document or RedirectionKind.String } only] } =>
            _expander.Text(only.Target, _state),
        Simple { Words: [{ Bare: "echo" }, var word], Redirections: [] } => _expander.Text(word, _state) + "\n",
        Simple { Words: [{ Bare: "printf" }, var format], Redirections: [] } =>
            _expander.Text(format, _state)?.Replace("\\n", "\n", StringComparison.Ordinal),
        _ => null,
    };

    private void RunIf(If branches)
    {
        ShellState? after = null;
        foreach ((Sequence condition, Sequence body) in branches.Branches)
        {
            Run(condition);
            ShellState asked = _state;
            Run(body);
            after = after?.Or(_state) ?? _state;
            _state = asked;
        }

        if (branches.Else is { } otherwise)
        {
            Run(otherwise);
        }

        _state = after?.Or(_state) ?? _state;
    }

    private void RunCase(Case branches)
    {
        _expander.RunWithin(branches.Subject.Parts);
        ShellState before = _state;
        ShellState after = before;
        foreach (Sequence branch in branches.Branches)
        {
            _state = before;
            Run(branch);
            after = after.Or(_state);
        }

        _state = after;
    }

    private void RunLoop(Loop loop) => Repeat(() =>
    {
        Run(loop.Condition);
        Run(loop.Body);
    });

    // The second time for what the first one has changed.
    private void Repeat(Action body)
    {
        ShellState before = _state;
        body();
        ShellState merged = before.Or(_state);
        _state = merged;
        if (merged != before)
        {
            body();
            _state = merged.Or(_state);
        }
    }

    private void RunFor(For loop)
    {
        IReadOnlyList<Argument>? words = loop.Words is { } given ? _expander.Arguments(given, _state) : _state.Arguments;
        if (words is null || words.Any(word => word.Text is null))
        {
            _state = _state.With(loop.Name, null);
            Repeat(() => Run(loop.Body));
            return;
        }

        foreach (Argument word in words)
        {
            _state = _state.With(loop.Name, word.Text);
            Run(loop.Body);
            if (_state.HasLeft || _steps > MaxSteps)
            {
                break;
            }
        }
    }
}
