using System.Globalization;
using Klock.Agents.Leases;
using Klock.Agents.Memory;

namespace Klock.Agents.Policy;

/// <summary>The sentences for models: what happened, and what to do about it.</summary>
internal static class Messages
{
    private const int MostNames = 5;
    private const string DoNot = "Do not write it in another way (a shell command, another tool): that would overwrite their work.";

    /// <summary>An edit of what others hold.</summary>
    /// <param name="refusal">What was refused.</param>
    /// <param name="tool">The tool that was not run.</param>
    /// <param name="waited">How long the hook waited for it.</param>
    /// <param name="isWoken">Whether the agent will be told when it may try again.</param>
    public static string Refused(Refusal refusal, string tool, TimeSpan waited, bool isWoken)
    {
        string files = Names([.. refusal.Wishes.Select(wish => wish.Shown)]);
        string who = refusal.Answer.Obstacles.Count == 0 ? "another agent"
            : string.Join("; ", refusal.Answer.Obstacles.Take(3).Select(obstacle => Who(refusal.Place, obstacle)));
        string also = waited.TotalSeconds < 1 ? ""
            : string.Create(CultureInfo.InvariantCulture, $", also after {(long)waited.TotalSeconds} s of waiting");
        string then = isWoken ? "you will be told when it is free; then" : "then";
        string are = refusal.Wishes.Count == 1 ? "is" : "are";
        return $"Klock: {files} {are} in use by {who}{also}. {tool} was not run, and nothing was changed. "
            + $"Do other work first, {then} read the file again and try once more. {DoNot}";
    }

    /// <summary>What was refused is free, and the agent's for a while.</summary>
    public static string Free(IReadOnlyList<Wish> wishes) =>
        $"Klock: {Names([.. wishes.Select(wish => wish.Shown)])} {(wishes.Count == 1 ? "is" : "are")} free now, and kept for you for a "
        + "moment. Read the file again, then make the change that was refused.";

    /// <summary>A file that must be read again.</summary>
    public static string Stale(string file, Writer? writer)
    {
        string who = writer is null ? "somebody else" : $"{writer.Agent} at {Clock(writer.AtMs)}";
        return $"Klock: {file} was changed by {who} after you last read it, and this would replace all of it. Nothing was changed. "
            + "Read the file again, then write it with their change in it.";
    }

    /// <summary>Klock itself failed.</summary>
    public static string Failed(string problem) =>
        $"Klock could not make sure that nobody else is changing this, so it was not run: {problem.TrimEnd('.')}. "
        + "For the user: `klock doctor` shows what is wrong; KLOCK_HOOKS=off turns the hooks off.";

    /// <summary>Somebody waits for what the agent holds.</summary>
    public static string Awaited(string agent, string files) =>
        $"Klock: {agent} waits for {files}. Finish what you are doing there soon.";

    /// <summary>A lease was over too early.</summary>
    public static string Lost(string resource) =>
        $"Klock: your lease on {Short(resource)} was over before your tool was done (revoked, or it took too long). Another agent may have "
        + "changed it: read it again.";

    /// <summary>A shell command changed what another agent holds or last changed: to the one that did it.</summary>
    public static string Overwrote(string file, string victim, string? restore) =>
        $"Klock: your command changed {file}, which {victim} is working on. {Restore(restore)}";

    /// <summary>The same, to the other agent.</summary>
    public static string WasOverwritten(string file, string by, string? restore) =>
        $"Klock: a shell command of {by} changed {file} after you last worked on it. Read it again. {Restore(restore)}";

    /// <summary>Who else is at work, when a session begins.</summary>
    public static string Others(IReadOnlyList<string> agents, IReadOnlyList<string> files) =>
        $"Klock: {agents.Count} other agent{(agents.Count == 1 ? " works" : "s work")} in this repository now"
        + $"{(files.Count == 0 ? "" : $", on {Names(files)}")}. "
        + "Your edits wait for theirs by themselves; when one is refused, do other work first, read the file again, and try once more.";

    /// <summary>Some names, and how many more there are.</summary>
    public static string Names(IReadOnlyList<string> names) => names.Count <= MostNames ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";

    /// <summary>A resource without its type.</summary>
    public static string Short(string resource) => resource[(resource.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>A time of the day.</summary>
    public static string Clock(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>One who is in the way.</summary>
    /// <param name="place">In which store; null where hooks remember nothing of it.</param>
    /// <param name="obstacle">Who.</param>
    public static string Who(Place? place, Obstacle obstacle)
    {
        HookLease? lease = place?.Memory.FindLease(obstacle.AgentId, obstacle.Resource);
        string since = lease is null ? "" : $" since {Clock(lease.SinceMs)}";
        string note = obstacle.Note is { Length: > 0 } said ? $" ({said})" : "";
        return obstacle.IsHeld ? $"{obstacle.AgentId}{since}{note}" : $"{obstacle.AgentId}, who waits for it before you{note}";
    }

    private static string Restore(string? command) =>
        command is null ? "What was there before could not be kept." : $"What was there before comes back with: {command}";
}
