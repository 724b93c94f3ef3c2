using Klock.Agents.Events;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>What hooks do (SPEC section 9), for every client alike.</summary>
internal static class HookPolicy
{
    /// <summary>Decides about an event, and does what goes with it.</summary>
    /// <exception cref="Coordinator.Protocol.KlockException">Klock failed; so it did when an I/O or an SQLite error is thrown.</exception>
    public static Decision Decide(Hook hook)
    {
        switch (hook.Happened.Kind)
        {
            case AgentEventKind.SessionStart:
                return Start(hook);
            case AgentEventKind.BeforeTool when hook.Happened.Tool is { } tool:
                return Before(hook, tool);
            case AgentEventKind.AfterTool when hook.Happened.Tool is not null:
                Over(hook, call => call == hook.Call);
                return Said(hook);
            case AgentEventKind.AfterBatch:
                HashSet<string> calls = [.. hook.Happened.Batch.Select(tool => tool.CallId)];
                Over(hook, calls.Contains);
                return Said(hook);
            case AgentEventKind.Awaiting:
                return Decision.Allow with { Wake = WakeUp.Wait(hook) };
            case AgentEventKind.SubagentEnd when hook.Happened.SubagentId is null:
                return Decision.Allow; // whose end it is was not said, and it is not the main agent's
            case AgentEventKind.TurnEnd or AgentEventKind.SubagentEnd:
                Over(hook, _ => true);
                Roster.EndAgent(hook, hook.Agent, keepsClaims: hook.Happened.Kind == AgentEventKind.TurnEnd);
                return Decision.Allow;
            case AgentEventKind.SessionEnd:
                Roster.EndSession(hook, hook.Happened.MainAgentId);
                return Decision.Allow;
            case AgentEventKind.Prompt:
                Over(hook, _ => true); // what a person has interrupted fires nothing
                return Said(hook);
            default:
                return Decision.Allow;
        }
    }

    private static Decision Start(Hook hook)
    {
        if (hook.Client.HasOneSession && hook.Happened.Source is not ("startup" or "new"))
        {
            Roster.EndEarlierSessions(hook);
        }

        Place place = hook.Places.Of(hook.Happened.Folder);
        place.Memory.ForgetOld(hook.NowMs);
        Roster.See(hook, place);
        string main = hook.Happened.MainAgentId;
        var others = place.Leases.Held()
            .Where(held => held.AgentId != main && !held.AgentId.StartsWith(main + "/", StringComparison.Ordinal))
            .ToList();
        return others.Count == 0 ? Said(hook) : Decision.Allow with
        {
            Context = Messages.Others(
                [.. others.Select(held => held.AgentId).Distinct()], [.. others.Select(held => Messages.Short(held.Resource)).Distinct()]),
        };
    }

    private static Decision Before(Hook hook, ToolUse tool)
    {
        bool changes = tool.Changes.Count > 0 || tool.Command is not null;
        if (changes && hook.Client.TakesTurns)
        {
            Over(hook, call => call != hook.Call);
        }

        if (tool.Digest is { } digest)
        {
            // klock mcp has no other way to know which of the client's agents calls.
            Place home = hook.Places.Of(hook.Happened.Folder);
            Roster.See(hook, home);
            home.Memory.AddCall(new AgentCall(tool.CallId, hook.Agent, hook.Process, hook.ProcessStarted, digest, hook.NowMs));
        }

        StaleGuard.NoteReads(hook, tool.Reads);
        if (tool.StartsSubagent)
        {
            foreach (Place place in hook.Places.All(hook.Happened))
            {
                EditWindow.EndOwnIdle(hook, place);
            }
        }

        Decision decision = tool.Trouble is { } trouble ? throw new NotUnderstoodException(trouble)
            : tool.Command is not null ? ShellGuard.Before(hook, tool)
            : changes ? EditGuard.Before(hook, tool)
            : Decision.Allow;
        return decision.Blocks ? decision : decision with { Context = Notices.Take(hook) };
    }

    private static void Over(Hook hook, Func<string, bool> isOver)
    {
        EditWindow.Finish(hook, isOver);
        ShellGuard.After(hook, isOver);
    }

    private static Decision Said(Hook hook) => Notices.Take(hook) is { } context ? new Decision(null, context) : Decision.Allow;
}
