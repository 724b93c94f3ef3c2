using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Shows what happened.</summary>
internal static class EventsVerb
{
    private static readonly NumberOption _last = Snapshot.LastOption(20);

    private static readonly NumberOption _after = new(
        "--after", "Those after this number instead, the oldest first, as the store keeps them", "SEQ", 0, long.MaxValue);

    private static readonly NumberOption _limit = new(
        "--limit", $"With --after: how many at the most, up to {Limits.Page}", "N", 1, Limits.Page, byDefault: 100);

    public static Command Create()
    {
        var verb = new Command("events", "Show what happened: the last events, or those after a number.") { _last, _after, _limit };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        if (result.GetValue(_after) is { } after)
        {
            ReadOnlyMemory<byte> request = Request.Of(("after", after), ("limit", _limit.Of(result)));
            return ListVerb.Run(result, asked: [], transport => transport.Ask(Operation.Events, request), Tables.Events);
        }

        using ITransport transport = CommonOptions.OpenTransport(result, asked: []);
        var snapshot = Snapshot.TakeEvents(transport, _last.Of(result));
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Write(snapshot.EventsJson());
        }
        else
        {
            Out.Table(Tables.Events(snapshot.Events));
        }

        return ExitCode.Done;
    }
}
