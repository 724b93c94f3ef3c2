using Klock.Agents.Events;
using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Resources;

namespace Klock.Agents.Policy;

/// <summary>A file by all its names.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Name">Its name in leases.</param>
/// <param name="Shown">Its name for people and models.</param>
/// <param name="Place">The store it belongs to.</param>
internal sealed record Target(string Path, string Name, string Shown, Place Place)
{
    /// <summary>The resource, as answers name it.</summary>
    public string Resource => $"{ResourceType.File.ToName()}:{Name}";
}

/// <summary>The stores that an event concerns, opened when they are needed: one for the repository, one for files outside of any.</summary>
/// <param name="open">Opens the leases of a place, bound to the client's process.</param>
/// <param name="environment">Gives a variable; null when it is not set.</param>
internal sealed class Places(Func<StorePlace, ILeases> open, Func<string, string?> environment) : IDisposable
{
    private readonly Dictionary<string, Place> _opened = new(StringComparer.Ordinal);

    /// <summary>The place of a folder.</summary>
    public Place Of(string folder) => Open(Locator.Here(folder, environment).Place);

    /// <summary>A file.</summary>
    /// <exception cref="KlockException">No such path can be, or its repository cannot be determined.</exception>
    public Target Find(string path, AgentEvent happened, bool isTree = false)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new KlockException(ErrorCode.InvalidRequest, "path has a character of value 0 in it, which no file's name has.");
        }

        string absolute = Path.GetFullPath(Path.Combine(happened.Folder, path));
        Location location = Locator.Locate(isTree ? Path.Combine(absolute, "**") : absolute, happened.Folder, environment);
        return new Target(absolute, location.ResourcePath, location.ResourcePath, Open(location.Place));
    }

    /// <summary>A file that is only read; null for a path that no lease can name: nobody could have changed it by a hooked tool.</summary>
    public Target? TryFind(string path, AgentEvent happened)
    {
        try
        {
            return Find(path, happened);
        }
        catch (KlockException unnamed) when (unnamed.Code == ErrorCode.InvalidRequest)
        {
            return null;
        }
    }

    /// <summary>
    /// All places that the agents of a session may have leases in: the one of the folder, the user's own if hooks were there, and those of
    /// other repositories that they went into.
    /// </summary>
    public IReadOnlyList<Place> All(AgentEvent happened)
    {
        Place home = Of(happened.Folder);
        List<Place> all = [home];
        if (StorePlace.OfUser(environment) is { } own && File.Exists(AgentMemory.PathIn(own)))
        {
            all.Add(Open(own));
        }

        foreach (string folder in home.Memory.PlacesOf(happened.MainAgentId).Where(Directory.Exists))
        {
            all.Add(Open(new StorePlace(folder, IsRepository: true)));
        }

        return [.. all.Distinct()];
    }

    /// <summary>Closes what was opened.</summary>
    public void Dispose()
    {
        foreach (Place place in _opened.Values)
        {
            place.Dispose();
        }
    }

    private Place Open(StorePlace? folder)
    {
        if (folder is null)
        {
            throw new KlockException(ErrorCode.InvalidRequest, $"there is no default store, because {UserHome.Variable} is not set.");
        }

        if (!_opened.TryGetValue(folder.Folder, out Place? place))
        {
            place = new Place(folder, open, AgentMemory.Open(folder));
            _opened.Add(folder.Folder, place);
        }

        return place;
    }
}
