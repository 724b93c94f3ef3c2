using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Running;
using Klock.Cli.Verbs;
using Klock.Coordinator.Protocol;

namespace Klock.Cli;

/// <summary>Finds the verb of the arguments, runs it, and reports its failure.</summary>
internal static class CommandLine
{
    private const string Summary = "Klock: leases that keep agents from overwriting each other's work.";

    private static readonly (string Name, Func<Command> Create)[] _verbs =
    [
        ("acquire", AcquireVerb.Create),
        ("release", ReleaseVerb.Create),
        ("renew", RenewVerb.Create),
        (RunVerb.Name, RunVerb.Create),
        (CheckVerb.Name, CheckVerb.Create),
        ("leases", LeasesVerb.Create),
        ("agents", AgentsVerb.Create),
        ("events", EventsVerb.Create),
        ("why", WhyVerb.Create),
        ("watch", WatchVerb.Create),
        ("revoke", RevokeVerb.Create),
        ("status", StatusVerb.Create),
        ("where", WhereVerb.Create),
        ("health", HealthVerb.Create),
        ("hook", HookVerb.Create),
        ("fence", FenceVerb.Create),
        ("install", InstallVerb.Create),
        ("config", ConfigVerb.Create),
        ("doctor", DoctorVerb.Create),
        (ImportVerb.Name, ImportVerb.Create),
        (ServeVerb.Name, ServeVerb.Create),
        (McpVerb.Name, McpVerb.Create),
        ("completion", CompletionVerb.Create),
        (ManVerb.Name, () => ManVerb.Create(Whole)),
        ("version", VersionVerb.Create),
    ];

    /// <summary>Runs the program and returns its exit code. No exception leaves it.</summary>
    public static int Run(string[] args)
    {
        try
        {
            args = Expand(args);
            return args switch
            {
                [ServeVerb.Name, .. string[] rest] => ServeVerb.HandOver(rest),
                [McpVerb.Name, .. string[] rest] => McpVerb.HandOver(rest),
                _ => Invoke(args),
            };
        }
        catch (CliFailure failure)
        {
            return Fail(args, failure);
        }
        catch (KlockException problem)
        {
            return Fail(args, CliFailure.Of(problem.Code, problem.Message, problem));
        }
        catch (Exception) when (!NativeCalls.CanStartThreads(1))
        {
            return Fail(args, CliFailure.NoThreads());
        }
        catch (Exception defect)
        {
            return Fail(
                args, CliFailure.Of(ErrorCode.Internal, $"this is a defect in Klock: {defect.GetType().Name}, {defect.Message}", defect));
        }
    }

    /// <summary>The program with all its verbs.</summary>
    public static RootCommand Whole() => Root(asked: null);

    // A program that reads JSON reads nothing else.
    private static int Fail(string[] args, CliFailure failure)
    {
        bool isCheck = args is [CheckVerb.Name, ..];
        return Out.Failure(
            failure, json: isCheck || args.TakeWhile(word => word != "--").Contains(CommonOptions.Json.Name), isTyped: !isCheck);
    }

    // Other spellings that people try.
    private static string[] Expand(string[] args) => args switch
    {
        ["--version" or "-V", .. string[] rest] => ["version", .. rest],
        ["help", string verb, .. string[] rest] when verb != "help" => [verb, "--help", .. rest],
        ["help", ..] => ["--help"],
        _ => args,
    };

    private static int Invoke(string[] args)
    {
        if (args.Length == 0)
        {
            Whole().Parse("--help").Invoke();
            return ExitCode.Of(ErrorCode.InvalidRequest);
        }

        RootCommand root = Root(args[0]);
        Check(root, args);
        // '@' has no special meaning in the name of a file.
        ParseResult result = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0 && result.Action is ParseErrorAction or null)
        {
            throw Wrong(result.CommandResult.Command, result.Errors[0].Message.TrimEnd('.'));
        }

        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    // The shell requests completions as [suggest:POSITION] LINE, and that line is unfinished.
    private static void Check(RootCommand root, string[] args)
    {
        string asked = args[0];
        if (IsKnown(asked))
        {
            Command verb = root.Subcommands[0];
            if ((Typing.Problem(verb, root.Options, args.AsSpan(1), asked == RunVerb.Name) ?? RunVerb.Problem(args)) is { } problem)
            {
                throw Wrong(verb, problem);
            }
        }
        else if (asked.StartsWith('-') && !root.Options.Any(option => option.Name == asked || option.Aliases.Contains(asked)))
        {
            throw CliFailure.Usage($"there is no option {asked} before a verb. See klock --help.");
        }
        else if (!asked.StartsWith('-') && !asked.StartsWith('['))
        {
            throw CliFailure.Usage($"there is no verb '{asked}'{Nearest.Hint(asked, _verbs.Select(verb => verb.Name))}. See klock --help.");
        }
    }

    private static CliFailure Wrong(Command verb, string problem) =>
        CliFailure.Usage($"{problem}{(problem.EndsWith('?') ? "" : ".")} See klock {verb.Name} --help.");

    private static bool IsKnown(string? verb) => Array.Exists(_verbs, known => known.Name == verb);

    // Only the requested verb is built: building all takes longer than most of what they do.
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

        // The default option has aliases that begin with '/', as paths do.
        root.Options.Clear();
        var help = new HelpOption("--help", "-h");
        help.Action = new HelpWithMore((HelpAction)help.Action!);
        root.Add(help);
        return root;
    }

    private sealed class HelpWithMore(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            help.MaxWidth = Screen.Columns;
            help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            if (Guide.Examples.TryGetValue(parseResult.CommandResult.Command.Name, out (string Command, string What)[]? examples))
            {
                Examples.Write(output, examples);
            }

            output.WriteLine(ExitCode.Help);
            return ExitCode.Done;
        }
    }
}
