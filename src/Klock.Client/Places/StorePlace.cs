using Klock.Client.Files;
using Klock.Client.Git;

namespace Klock.Client.Places;

/// <summary>A folder with a store and the socket of the server that serves it: a repository's, or a user's.</summary>
/// <param name="Folder">The folder's absolute path. It need not exist.</param>
/// <param name="IsRepository">Whether it is a repository's.</param>
public sealed record StorePlace(string Folder, bool IsRepository)
{
    private const string FolderName = "klock";
    private const string StoreName = "klock.db";
    private const string SocketName = "klock.sock";

    /// <summary>The store, as a <c>storage</c> option names it.</summary>
    public string Storage => $"sqlite:{Path.Combine(Folder, StoreName)}";

    /// <summary>Where a server of this store listens.</summary>
    public string Socket => Path.Combine(Folder, SocketName);

    /// <summary>The place of the user; null when the environment has none.</summary>
    /// <remarks>XDG Base Directory Specification: state is in $XDG_STATE_HOME, by default ~/.local/state.</remarks>
    internal static StorePlace? OfUser(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string? state = environment("XDG_STATE_HOME") is { } given && Path.IsPathRooted(given) ? given
            : UserHome.In(environment) is { } home ? Path.Combine(home, ".local", "state")
            : null;
        return state is null ? null : new StorePlace(Path.Combine(state, FolderName), IsRepository: false);
    }

    /// <summary>The place whose socket this is; null when it is another socket.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static StorePlace? OfSocket(string socket, Func<string, string?> environment)
    {
        string full = Path.GetFullPath(socket);
        if (Path.GetFileName(full) != SocketName)
        {
            return null;
        }

        string folder = RealPath.Resolve(Path.GetDirectoryName(full)!);
        if (Path.GetFileName(folder) == FolderName && Path.GetDirectoryName(folder) is { } above && GitFolder.IsOne(above))
        {
            return new StorePlace(folder, IsRepository: true);
        }

        return OfUser(environment) is { } own && RealPath.Resolve(own.Folder) == folder ? own : null;
    }

    internal static StorePlace? Of(Repository? repository, Func<string, string?> environment) =>
        repository is null ? OfUser(environment) : new StorePlace(Path.Combine(repository.Common, FolderName), IsRepository: true);
}
