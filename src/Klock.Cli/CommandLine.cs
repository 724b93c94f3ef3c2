using System.Buffers;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Klock.Cli.Output;
using Klock.Cli.Verbs;
using Klock.Coordinator;
using Klock.Coordinator.Json;

namespace Klock.Cli;

/// <summary>Which verb the arguments ask for, and what its failure looks like.</summary>
internal static class CommandLine
{
    private const string Summary = "Klock: leases that keep agents from overwriting each other's work.";

    private static readonly (string Name, Func<Command> Create)[] _verbs =
    [
        ("acquire", AcquireVerb.Create),
        ("release", ReleaseVerb.Create),
        ("renew", RenewVerb.Create),
        ("run", RunVerb.Create),
        (CheckVerb.Name, CheckVerb.Create),
        ("leases", LeasesVerb.Create),
        ("agents", AgentsVerb.Create),
        ("events", EventsVerb.Create),
        ("why", WhyVerb.Create),
        ("watch", WatchVerb.Create),
        ("revoke", RevokeVerb.Create),
        ("where", WhereVerb.Create),
        (ServeVerb.Name, ServeVerb.Create),
        ("completion", CompletionVerb.Create),
        ("version", VersionVerb.Create),
    ];

    /// <summary>Runs the program; what it returns is the exit code. Nothing leaves it but that.</summary>
    public static int Run(string[] args)
    {
        try
        {
            return args is [ServeVerb.Name, .. string[] rest] ? ServeVerb.HandOver(rest)
                : InvokeOnStore(args is ["--version"] ? ["version"] : args);
        }
        catch (CliFailure failure)
        {
            Out.Complain(failure.Message);
            return failure.ExitCode;
        }
        catch (Exception defect)
        {
            Out.Complain($"{defect.GetType().Name}: {defect.Message}");
            return ExitCode.Internal;
        }
    }

    // A store that cannot be opened, and so cannot answer, is told as if it had: in JSON too, for whoever reads that alone.
    private static int InvokeOnStore(string[] args)
    {
        try
        {
            return Invoke(args);
        }
        catch (KlockException problem)
        {
            var answer = new ArrayBufferWriter<byte>();
            Answers.WriteError(answer, problem.Code, problem.Message);
            return Out.Verdict(new Answer(answer.WrittenMemory), json: args.Contains("--json") || args[0] == CheckVerb.Name);
        }
    }

    private static int Invoke(string[] args)
    {
        if (args is [var verb, ..] && verb.Length > 0 && char.IsAsciiLetter(verb[0]) && !IsKnown(verb))
        {
            throw CliFailure.Usage($"there is no verb '{verb}'. See klock --help.");
        }

        RootCommand root = Root(args.FirstOrDefault());
        // '@' is a letter like others in the name of a file.
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (args.Length == 0)
        {
            root.Parse("--help").Invoke();
            return ExitCode.Usage;
        }

        if (result.Errors.Count > 0 && result.Action is ParseErrorAction or null)
        {
            throw CliFailure.Usage($"{result.Errors[0].Message.TrimEnd('.')}. See klock {VerbOf(result)}--help.");
        }

        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static bool IsKnown(string? verb) => Array.Exists(_verbs, known => known.Name == verb);

    private static string VerbOf(ParseResult result) =>
        result.CommandResult.Command is RootCommand ? "" : result.CommandResult.Command.Name + " ";

    // Only the verb that is asked for is built: all of them take longer than most of what they do.
    private static RootCommand Root(string? asked)
    {
        RootCommand root = new(Summary);
        bool isKnown = IsKnown(asked);
        foreach ((string name, Func<Command> create) in _verbs)
        {
            if (!isKnown || name == asked)
            {
                root.Add(create());
            }
        }

        HelpOption help = root.Options.OfType<HelpOption>().First();
        help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        return root;
    }

    private sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(ExitCode.Help);
            return ExitCode.Done;
        }
    }
}
