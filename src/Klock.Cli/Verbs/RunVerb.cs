using System.CommandLine;
using Klock.Cli.Options;
using Klock.Cli.Running;

namespace Klock.Cli.Verbs;

/// <summary>Holds leases while a command runs.</summary>
internal static class RunVerb
{
    private static readonly DurationOption _wait = new("--wait", "How long to wait in the queue for what others hold", "10m");

    private static readonly Option<string> _onLoss = NewOnLoss();

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
        var verb = new Command("run", "Hold leases while a command runs: klock run --file PATH -- CMD") { _wait, _onLoss };
        WantedOptions.AddTo(verb);
        verb.Add(IdentityOptions.Agent);
        verb.Add(_session);
        CommonOptions.AddTo(verb);
        verb.Add(_command);
        verb.SetAction(Run);
        return verb;
    }

    // Two runs of one session would not be in each other's way, so a run is a session of its own unless it is told otherwise.
    private static int Run(ParseResult result)
    {
        string session = result.GetValue(_session) ?? IdentityOptions.Random("run");
        var order = Order.Read(result, session, _wait.MsOf(result));
        return new LeasedRun(order, result.GetValue(_command)!, killsOnLoss: result.GetValue(_onLoss) == "kill")
            .Run(group => CommonOptions.OpenDoor(result, order.Resources, group), result.GetValue(CommonOptions.Json));
    }

    private static Option<string> NewOnLoss()
    {
        var option = new Option<string>("--on-lease-loss")
        {
            Description = "What a lost lease does: kill stops the command's whole process group, warn says so and lets it run",
            HelpName = "kill|warn",
            DefaultValueFactory = _ => "kill",
        };
        option.AcceptOnlyFromAmong("kill", "warn");
        return option;
    }
}
