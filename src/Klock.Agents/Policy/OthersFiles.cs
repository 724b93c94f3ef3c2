using System.IO.Enumeration;
using Klock.Agents.Content;
using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Client.Files;
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

    // Hidden files too; no links, which lead elsewhere.
    private static readonly EnumerationOptions _all = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private const string AllIn = "**";

    // What somebody changed long ago is theirs no more.
    private const long RecentMs = 60 * 60 * 1000;

    /// <summary>The files, each with its content as it is now.</summary>
    public static IEnumerable<Rescue> Find(Hook hook, Place place)
    {
        string? top = Locator.Here(hook.Happened.Folder, hook.Environment).Root;
        long bytes = 0;
        foreach ((string resource, (string path, string agent)) in Of(hook.Agent, place, place.Leases.Held(), top, hook.NowMs))
        {
            var file = new FileInfo(path);
            if (file.Exists && bytes + file.Length <= MostBytes && ContentHash.Of(path) is { } hash && hash != ContentHash.Missing)
            {
                bytes += file.Length;
                yield return new Rescue(resource, path, hash, Blob: null, agent);
            }
        }
    }

    /// <summary>
    /// The files that a command of an agent must not write: what others hold, and what others changed last unless the agent holds it.
    /// </summary>
    /// <param name="agent">The agent.</param>
    /// <param name="place">The store.</param>
    /// <param name="folder">Where the command runs.</param>
    /// <param name="environment">Gives a variable; null when it is not set.</param>
    /// <param name="nowMs">The time, in ms since 1970.</param>
    /// <returns>Their absolute paths.</returns>
    public static IReadOnlyList<string> Fenced(
        string agent, Place place, string folder, Func<string, string?> environment, long nowMs)
    {
        // By the store itself: what hooks remember of a lease may outlive it.
        IReadOnlyList<HeldResource> held = place.Leases.Held();
        var others = new Holdings(held.Where(lease => lease.AgentId != agent));
        var own = new Holdings(held.Where(lease => lease.AgentId == agent));
        return
        [
            .. Of(agent, place, held, Locator.Here(folder, environment).Root, nowMs)
                .Where(file => others.Have(file.Key) || !own.Have(file.Key))
                .Select(file => file.Value.Path).Where(File.Exists).Distinct(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<KeyValuePair<string, (string Path, string Agent)>> Of(
        string agent, Place place, IReadOnlyList<HeldResource> all, string? top, long nowMs)
    {
        Dictionary<string, (string Path, string Agent)> files = new(StringComparer.Ordinal);
        foreach (Writer writer in place.Memory.WritersOtherThan(agent, nowMs - RecentMs, Most))
        {
            files[writer.Resource] = (writer.Path, writer.Agent);
        }

        string prefix = $"{ResourceType.File.ToName()}:";
        foreach (HeldResource held in all.Where(held => held.AgentId != agent).Take(Most))
        {
            if (!held.Resource.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (place.Memory.FindLease(held.AgentId, held.Resource) is null && held.Resource.EndsWith(AllIn, StringComparison.Ordinal))
            {
                foreach ((string resource, string path) in FilesIn(held.Resource[..^AllIn.Length], prefix, top))
                {
                    files.TryAdd(resource, (path, held.AgentId));
                }
            }
            else if (PathOf(place, held, top) is { } path)
            {
                files[held.Resource] = (path, held.AgentId);
            }
        }

        return files.Take(Most);
    }

    // A folder that an agent has claimed. What a git command of it has for a moment is the whole work tree, and is left out.
    private static IEnumerable<(string Resource, string Path)> FilesIn(string folder, string prefix, string? top)
    {
        string name = folder[prefix.Length..];
        string? path = Path.IsPathRooted(name) ? name : top is null ? null : Path.Combine(top, name);
        return path is null || !Directory.Exists(path) ? []
            : new FileSystemEnumerable<string>(path, (ref FileSystemEntry entry) => entry.ToFullPath(), _all)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.FileName.SequenceEqual(".git"),
            }.Take(Most).Select(file => (folder + PathInFolder.NameOf(path, file), file));
    }

    // Of a lease that no hook took, a name is all there is; a subtree is no file.
    private static string? PathOf(Place place, HeldResource held, string? top)
    {
        string name = Messages.Short(held.Resource);
        return place.Memory.FindLease(held.AgentId, held.Resource)?.Path
            ?? (name.EndsWith('*') ? null : Path.IsPathRooted(name) ? name : top is null ? null : Path.Combine(top, name));
    }

    // What somebody holds, to be asked about many files.
    private sealed class Holdings(IEnumerable<HeldResource> leases)
    {
        private readonly HashSet<string> _exact = [.. leases.Select(lease => lease.Resource)];
        private readonly string[] _folders =
        [
            .. leases.Select(lease => lease.Resource).Where(resource => resource.EndsWith(AllIn, StringComparison.Ordinal))
                .Select(resource => resource[..^AllIn.Length]).Distinct(StringComparer.Ordinal),
        ];

        public bool Have(string resource) => _exact.Contains(resource)
            || Array.Exists(_folders, folder => resource.StartsWith(folder, StringComparison.Ordinal));
    }
}
