using System.CommandLine;
using System.CommandLine.Parsing;
using Klock.Cli.Failures;
using Klock.Cli.Output;

namespace Klock.Cli.Verbs;

/// <summary>Prints what a shell needs to complete klock's command line.</summary>
internal static class CompletionVerb
{
    // Each script calls klock itself, which answers `[suggest:POSITION] LINE` with one word a line.
    private const string Bash = """
        _klock() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(klock "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _klock klock
        """;

    private const string Zsh = """
        #compdef klock
        _klock() {
            local -a words_found
            words_found=("${(@f)$(klock "[suggest:$CURSOR]" "$BUFFER" 2> /dev/null)}")
            compadd -a words_found || _files
        }
        compdef _klock klock
        """;

    private const string Fish = """
        complete -c klock -a '(klock "[suggest:"(commandline -C)"]" (commandline) 2> /dev/null)'
        """;

    private static readonly (string Shell, string Script)[] _scripts = [("bash", Bash), ("zsh", Zsh), ("fish", Fish)];

    private static readonly Argument<string> _shell = NewShell();

    public static Command Create()
    {
        var verb = new Command("completion", "Print a script that makes a shell complete klock's command line.") { _shell };
        verb.SetAction(result =>
        {
            Out.Line(result.GetValue(_shell)!);
            return ExitCode.Done;
        });
        return verb;
    }

    private static Argument<string> NewShell()
    {
        var shell = new Argument<string>("SHELL")
        {
            Description = "bash, zsh or fish",
            CustomParser = result =>
            {
                string text = result.Tokens is [Token token] ? token.Value : "";
                string? script = Array.Find(_scripts, known => known.Shell == text).Script;
                if (script is null)
                {
                    result.AddError($"SHELL is '{text}': it must be bash, zsh or fish");
                }

                return script;
            },
        };
        shell.CompletionSources.Add([.. _scripts.Select(known => known.Shell)]);
        return shell;
    }
}
