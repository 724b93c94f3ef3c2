using Klock.Agents.Calling;
using Klock.Agents.Claims;
using Klock.Agents.Events;
using Klock.Agents.Policy;
using Klock.Agents.Processes;
using Klock.Client.Places;

namespace Klock.Server.Mcp;

/// <summary>The agents of the client that started this process.</summary>
/// <param name="places">Their leases.</param>
/// <param name="process">The client's process.</param>
/// <param name="environment">Gives a variable; null when it is not set.</param>
/// <param name="stop">Cancelled when the client is gone.</param>
internal sealed class StdioCallers(
    LocalPlaces places, ClientProcess process, Func<string, string?> environment, CancellationToken stop) : ICallers
{
    private readonly string _folder = WorkingDirectory.Current().Path;

    public T Act<T>(McpHints hints, string tool, Func<IClaimant, T> act, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop);
        using var opened = new Places(places.Of, environment);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        AgentName name = McpIdentity.Find(hints, opened.Of(_folder).Memory, process, environment, now);
        return act(new HookedClaimant(new Caller
        {
            Happened = ToEvent(name),
            Places = opened,
            Process = process.Id,
            ProcessStarted = process.StartedAt,
            Clock = TimeProvider.System,
            Cancel = either.Token,
        }));
    }

    private AgentEvent ToEvent(AgentName name)
    {
        int colon = name.Main.IndexOf(':', StringComparison.Ordinal);
        return new AgentEvent
        {
            Client = name.Main[..colon],
            Kind = AgentEventKind.Other,
            Name = "mcp",
            SessionId = name.Main[(colon + 1)..],
            SubagentId = name.Agent == name.Main ? null : name.Agent[(name.Main.Length + 1)..],
            Folder = _folder,
        };
    }
}
