using System.CommandLine;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Lists the agents that are remembered.</summary>
internal static class AgentsVerb
{
    public static Command Create()
    {
        var verb = new Command("agents", "List the agents that are remembered, the oldest first.");
        CommonOptions.AddTo(verb);
        verb.SetAction(result => ListVerb.Run(
            result, asked: [], transport => LongList.Ask(transport, Operation.ListAgents, []), Tables.Agents));
        return verb;
    }
}
