using Klock.Agents.Memory;
using Klock.Agents.Policy;
using Klock.Client.Places;
using Klock.Kernel.Resources;

namespace Klock.Agents.Commits;

/// <summary>A file of a commit that is another agent's.</summary>
/// <param name="File">The file.</param>
/// <param name="Agent">Who holds it or last changed it.</param>
/// <param name="IsHeld">Whether it is held; else it was changed.</param>
/// <param name="SinceMs">Since when, in ms since 1970; null when that is not known.</param>
/// <param name="Note">Why it is held; null when nothing was said.</param>
internal sealed record OthersFile(StagedFile File, string Agent, bool IsHeld, long? SinceMs, string? Note);

/// <summary>
/// What of a commit is other agents' work: files that they hold now, and changes that they made and have not committed. Of agents whose
/// client has ended nothing is.
/// </summary>
/// <param name="place">The store.</param>
/// <param name="top">The top of the work tree.</param>
/// <param name="committer">Who commits.</param>
/// <param name="environment">Gives a variable; null when it is not set.</param>
/// <param name="nowMs">The time, in ms since 1970.</param>
internal sealed class CommitGuard(
    Place place, string top, Committer committer, Func<string, string?> environment, long nowMs)
{
    // Where a client's process is not known, its agents are taken to be there for so long.
    private const long HeardOfMs = 60 * 60 * 1000;

    private readonly Dictionary<string, bool> _live = new(StringComparer.Ordinal);

    /// <summary>The files that are others'.</summary>
    /// <exception cref="IOException">git fails.</exception>
    public IReadOnlyList<OthersFile> Find(IReadOnlyList<StagedFile> files)
    {
        if (files.Count == 0)
        {
            return [];
        }

        // All names of a work tree begin alike. Each is taken from git, and not from the disk: a link is itself, and not what it leads to.
        string subtree = Locator.Locate(Path.Combine(top, "**"), top, environment).ResourcePath;
        string prefix = subtree[..^"**".Length];
        string type = $"{ResourceType.File.ToName()}:";
        var held = new HeldNames(place.Leases.HeldAt(type + subtree).Where(lease => !committer.Is(lease.AgentId)));
        using var blobs = new BlobHashes(top);
        List<OthersFile> found = [];
        foreach (StagedFile file in files)
        {
            string name = NameOf(prefix + file.Name);
            if (held.Find(name) is { } lease)
            {
                found.Add(new OthersFile(
                    file, lease.AgentId, IsHeld: true, place.Memory.FindLease(lease.AgentId, lease.Resource)?.SinceMs, lease.Note));
            }
            else if (!file.IsSubmodule && place.Memory.FindWriter(type + name) is { } writer && IsOthers(file, writer, blobs))
            {
                found.Add(new OthersFile(file, writer.Agent, IsHeld: false, writer.AtMs, Note: null));
            }
        }

        return found;
    }

    // What no lease can name is in a folder that one can.
    private static string NameOf(string name)
    {
        for (string at = name; at.Length > 0; at = Path.GetDirectoryName(at) ?? "")
        {
            if (Resource.TryCreate(ResourceType.File, at, out Resource? resource, out _))
            {
                return resource!.Path;
            }
        }

        return name;
    }

    private bool IsOthers(StagedFile file, Writer writer, BlobHashes blobs)
    {
        if (committer.Is(writer.Agent) || !IsLive(writer.Agent))
        {
            return false;
        }

        string? staged = blobs.Of(file.After);
        if (staged == writer.Hash)
        {
            return true;
        }

        // Staged before the other one changed it; or its change is committed already, and this one is on top of it.
        bool isOwn = committer.Agent is { } agent && staged is not null && place.Memory.FindContent(agent, writer.Resource) == staged;
        return !isOwn && blobs.Of(file.Before) != writer.Hash;
    }

    private bool IsLive(string agent)
    {
        if (!_live.TryGetValue(agent, out bool isLive))
        {
            isLive = place.Memory.FindStanding(agent) is { IsOver: false } standing && standing.Process.IsAlive
                && (standing.Process.Id != 0 || nowMs - standing.SeenAtMs < HeardOfMs);
            _live.Add(agent, isLive);
        }

        return isLive;
    }
}
