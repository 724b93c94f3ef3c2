using Klock.Agents.Events;

namespace Klock.Agents.Policy;

/// <summary>
/// An edit tool: it gets leases on every file that it names, and may not write over content that the agent has not seen.
/// </summary>
internal static class EditGuard
{
    /// <summary>Decides before the tool runs.</summary>
    public static Decision Before(Hook hook, ToolUse tool)
    {
        long start = hook.Clock.GetTimestamp();
        if (LeaseTaker.Take(hook, WishList.Of(hook, tool.Changes, [], [], hook.Happened.Folder)) is { } refusal)
        {
            return WakeUp.Block(hook, refusal, tool.Name, hook.Clock.GetElapsedTime(start));
        }

        if (StaleGuard.OfTool(hook, tool.Changes) is { } problem)
        {
            EditWindow.Drop(hook);
            return Decision.Block(problem);
        }

        return Decision.Allow;
    }
}
