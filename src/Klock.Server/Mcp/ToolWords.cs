using Klock.Agents.Claims;
using Klock.Agents.Leases;
using Klock.Agents.Policy;

namespace Klock.Server.Mcp;

/// <summary>The sentences of tools: what happened, and what to do about it.</summary>
internal static class ToolWords
{
    private const int MostNamed = 3;
    private const long WaitThatIsOneMs = 1_000;

    /// <summary>A claim that was granted or refused.</summary>
    public static string Claimed(ClaimAnswer answer, IReadOnlyList<string> names)
    {
        string files = Messages.Names(names);
        if (answer.Refusal is not { } refusal)
        {
            string again = answer.WaitedMs < WaitThatIsOneMs ? ""
                : " They were in use until now: read them again before you change them.";
            return $"Claimed for you: {files}. No other agent changes them until you call klock_release, or your session ends.{again}";
        }

        string who = refusal.Obstacles.Count == 0 ? "another agent" : string.Join(
            "; ", refusal.Obstacles.Take(MostNamed).Select(
                each => $"{Messages.Short(each.Resource)}: {Messages.Who(answer.Store?.Place, each)}"));
        string waited = answer.WaitedMs < WaitThatIsOneMs ? "" : $", also after {answer.WaitedMs / 1000} s of waiting";
        string advice = answer.HoldsOthers && refusal.Reason == "DIE"
            ? "They may be waiting for what you have claimed: klock_release that, then claim all that you need in one call."
            : "Do other work first, then call klock_claim again. Do not write these files in another way: that would overwrite their work.";
        return $"Nothing was claimed: in use by others{waited} ({who}). {advice}";
    }

    /// <summary>Who has a file.</summary>
    public static string Why(
        string file, IReadOnlyList<HeldResource> held, IReadOnlyList<HeldResource> others, IReadOnlyList<HeldResource> waiting)
    {
        string queue = waiting.Count == 0 ? "" : $" Waiting for it: {string.Join(", ", waiting.Select(each => each.AgentId).Distinct())}.";
        if (others.Count == 0)
        {
            return (held.Count == 0 ? $"{file} is free." : $"{file} is yours.") + queue;
        }

        string who = string.Join("; ", others.Take(MostNamed).Select(each => $"{each.AgentId}{Since(each)}{Said(each)}"));
        return $"{file} is in use by {who}.{queue} Do other work first; klock_claim waits for it, and your edits of it wait by themselves "
            + "where Klock's hooks are installed. Do not write it in another way: that would overwrite their work.";
    }

    private static string Since(HeldResource held) => held.SinceMs is { } since ? $" since {Messages.Clock(since)}" : "";

    private static string Said(HeldResource held) => string.IsNullOrEmpty(held.Note) ? "" : $" ({held.Note})";
}
