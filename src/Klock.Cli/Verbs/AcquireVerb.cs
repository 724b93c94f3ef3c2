using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Running;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Takes leases, all or none, and leaves them to their ttl.</summary>
internal static class AcquireVerb
{
    private static readonly DurationOption _wait = new(
        "--wait", "How long to wait in the queue for what others hold", "0s", 0, Limits.WaitMs);

    private static readonly Option<string?> _requestId = new("--request-id")
    {
        Description = "Names the request: repeated in the same session it answers the leases it already got", HelpName = "ID",
    };

    public static Command Create()
    {
        var verb = new Command("acquire", "Take leases, all or none. They last their ttl: renew them, release them.") { _wait, _requestId };
        WantedOptions.AddTo(verb);
        verb.Add(IdentityOptions.Agent);
        verb.Add(IdentityOptions.Session);
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        bool json = result.GetValue(CommonOptions.Json);
        var asked = LeaseRequest.Read(result, IdentityOptions.SessionOf(result), _wait.MsOf(result));
        using ITransport transport = CommonOptions.OpenTransport(result, asked.Resources);
        using var signals = new Signals(asked.WaitMs > 0);
        try
        {
            Answer answer = asked.Send(transport, result.GetValue(_requestId), signals.Token);
            if (answer.Outcome.IsSuccess && !json)
            {
                Out.Table(Tables.Leases(answer.Leases));
            }

            return Out.Verdict(answer, json);
        }
        catch (OperationCanceledException) when (signals.First is { } signal)
        {
            return ExitCode.Signal + signal;
        }
    }
}
