using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Asks whether the server or store answers: a check for whoever restarts it, with the exit code as the answer.</summary>
/// <remarks>Unlike other verbs it needs no key, and its cost does not grow with the number of leases.</remarks>
internal static class HealthVerb
{
    public static Command Create()
    {
        var verb = new Command("health", "Ask whether the server, or the store, works; the exit code is 0 if it does.");
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        bool json = result.GetValue(CommonOptions.Json);
        Address address = CommonOptions.AddressOf(result, asked: []);
        if (address.IsMissing())
        {
            // Other verbs would make one: a wrong path, or a volume that is not mounted, would be fine for ever.
            throw CliFailure.Unavailable($"There is no store at {address.Text}. The first command that takes a lease there makes it.");
        }

        using ITransport transport = CommonOptions.OpenTransport(result, asked: []);
        Answer answer = transport.Ask(Operation.Health, Request.Of());
        if (answer.Outcome.IsSuccess && !json)
        {
            Out.Line(answer.Data.GetProperty("status").GetString()!);
        }

        return Out.Verdict(answer, json);
    }
}
