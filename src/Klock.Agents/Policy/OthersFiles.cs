using Klock.Agents.Content;
using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Client.Places;
using Klock.Kernel.Resources;

namespace Klock.Agents.Policy;

/// <summary>The files that other agents hold or last changed: what a shell command must not overwrite unseen.</summary>
internal static class OthersFiles
{
    /// <summary>How many files are looked at before a command, at the most.</summary>
    public const int Most = 200;

    /// <summary>And how many bytes of them all.</summary>
    public const long MostBytes = ContentHash.MaxBytes;

    // What somebody changed long ago is theirs no more.
    private const long RecentMs = 60 * 60 * 1000;

    /// <summary>The files, each with its content as it is now.</summary>
    public static IEnumerable<Rescue> Find(Hook hook, Place place)
    {
        string? top = Locator.Here(hook.Happened.Folder, hook.Environment).Root;
        long bytes = 0;
        foreach ((string resource, (string path, string agent)) in Of(hook.Agent, place, top, hook.NowMs))
        {
            var file = new FileInfo(path);
            if (file.Exists && bytes + file.Length <= MostBytes && ContentHash.Of(path) is { } hash && hash != ContentHash.Missing)
            {
                bytes += file.Length;
                yield return new Rescue(resource, path, hash, Blob: null, agent);
            }
        }
    }

    /// <summary>The files that a command of an agent must not write: those but for the ones that it has leases on.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="place">The store.</param>
    /// <param name="folder">Where the command runs.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <param name="nowMs">The time, in ms since 1970.</param>
    /// <returns>Their absolute paths.</returns>
    public static IReadOnlyList<string> Fenced(
        string agent, Place place, string folder, Func<string, string?> environment, long nowMs) =>
    [
        .. Of(agent, place, Locator.Here(folder, environment).Root, nowMs)
            .Where(file => place.Memory.FindLease(agent, file.Key) is null && File.Exists(file.Value.Path))
            .Select(file => file.Value.Path).Distinct(StringComparer.Ordinal),
    ];

    private static IEnumerable<KeyValuePair<string, (string Path, string Agent)>> Of(
        string agent, Place place, string? top, long nowMs)
    {
        Dictionary<string, (string Path, string Agent)> files = new(StringComparer.Ordinal);
        foreach (Writer writer in place.Memory.WritersOtherThan(agent, nowMs - RecentMs, Most))
        {
            files[writer.Resource] = (writer.Path, writer.Agent);
        }

        string prefix = $"{ResourceType.File.ToName()}:";
        foreach (HeldResource held in place.Leases.Held().Where(held => held.AgentId != agent).Take(Most))
        {
            if (held.Resource.StartsWith(prefix, StringComparison.Ordinal) && PathOf(place, held, top) is { } path)
            {
                files[held.Resource] = (path, held.AgentId);
            }
        }

        return files.Take(Most);
    }

    // Of a lease that no hook took, a name is all there is; a subtree is no file.
    private static string? PathOf(Place place, HeldResource held, string? top)
    {
        string name = Messages.Short(held.Resource);
        return place.Memory.FindLease(held.AgentId, held.Resource)?.Path
            ?? (name.EndsWith('*') ? null : Path.IsPathRooted(name) ? name : top is null ? null : Path.Combine(top, name));
    }
}
