using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Running;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Cli.Verbs;

/// <summary>Holds leases while a command runs.</summary>
internal static class RunVerb
{
    public const string Name = "run";

    // For the keeper of the leases, the clock, the signals, what the runtime and a server's connection need, the command and its guard.
    private const int ThreadsAndProcesses = 12;

    private static readonly DurationOption _wait = new(
        "--wait", "How long to wait in the queue for what others hold", "10m", 0, Limits.WaitMs);

    private static readonly ChoiceOption _onLoss = new(
        "--on-lease-loss", "What a lost lease does: kill stops the command's whole process group, warn says so and lets it run",
        ["kill", "warn"]);

    private static readonly Argument<string[]> _command = new("CMD")
    {
        Description = "The command and its arguments, after --", Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> _session = new("--session")
    {
        Description = "In which session [default: a new one]", HelpName = "ID",
    };

    public static Command Create()
    {
        var verb = new Command(Name, "Hold leases while a command runs: klock run --file PATH -- CMD") { _wait, _onLoss };
        WantedOptions.AddTo(verb);
        verb.Add(IdentityOptions.Agent);
        verb.Add(_session);
        CommonOptions.AddTo(verb);
        verb.Add(_command);
        verb.SetAction(Run);
        return verb;
    }

    /// <summary>What is wrong with the position of the command among the arguments; null for nothing.</summary>
    public static string? Problem(string[] args)
    {
        int end = Array.IndexOf(args, "--");
        return args[0] != Name || args.Contains("--help") || args.Contains("-h") ? null
            : end < 0 || end == args.Length - 1 ? "'run' has no command: say it after --, as in klock run --file PATH -- CMD"
            : null;
    }

    // Two runs of one session would not exclude each other, so a run is a session of its own by default.
    private static int Run(ParseResult result)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw CliFailure.NotHere("klock run", "only there can it be sure that the command ends with its leases. "
                + "klock acquire, renew and release work here");
        }

        // Checked before anything is held: a command that runs while nothing can renew its leases, or stop it, is not protected.
        if (!NativeCalls.CanStartThreads(ThreadsAndProcesses))
        {
            throw CliFailure.NoThreads();
        }

        string session = result.GetValue(_session) ?? IdentityOptions.Random("run");
        var asked = LeaseRequest.Read(result, session, _wait.MsOf(result));
        return new LeasedRun(asked, result.GetValue(_command)!, killsOnLoss: result.GetValue(_onLoss) == "kill")
            .Run(group => CommonOptions.OpenTransport(result, asked.Resources, LeaseBinding.ToThisProcess(group)),
                result.GetValue(CommonOptions.Json));
    }
}
