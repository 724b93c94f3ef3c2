using Klock.Coordinator.Protocol;

namespace Klock.Storage.Sqlite.Database;

/// <summary>
/// Ensures that a store's file is reached by one path only. SQLite keeps its log and its locks in files beside the path by which the file
/// was opened: by another hard link or mount, one file would have two logs, and both sides would be granted everything.
/// </summary>
internal static class OnePath
{
    // The log and its index in shared memory.
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    /// <summary>Refuses a file that has a second name or a mount of its own; the same for its log and index.</summary>
    /// <param name="realPath">The file's path, without links.</param>
    /// <exception cref="KlockException">It is refused.</exception>
    public static void Require(string realPath)
    {
        foreach (string part in Parts)
        {
            if (FileStatus.Read(realPath + part, out _, followsLinks: false) is { } found)
            {
                RequireOneName(realPath + part, found);
                RequireNoMount(realPath + part, found);
                RequireNoLink(realPath + part, found);
            }
        }
    }

    /// <summary>Refuses a file that has more than one name.</summary>
    /// <exception cref="KlockException">It has.</exception>
    public static void RequireOneName(string path, in FileStatus found)
    {
        if (found.Names > 1)
        {
            throw Refused(
                $"{path} has {found.Names} names (hard links), and by each of them the same lease could be granted once more: "
                    + "remove the others (find -samefile lists them), or use a symbolic link, which is followed.");
        }
    }

    private static void RequireNoMount(string path, in FileStatus found)
    {
        if (found.IsMountPoint ?? MountTable.HasMountPoint(path))
        {
            throw Refused(
                $"{path} is mounted by itself, without the folder it is in, so that whoever uses it from outside of the mount could be "
                    + "granted the same lease: mount its folder (as in -v ./store:/store, not -v ./klock.db:/klock.db).");
        }
    }

    private static void RequireNoLink(string path, in FileStatus found)
    {
        if (found.IsSymbolicLink)
        {
            throw Refused($"{path} is a symbolic link, but it must lie beside its database: remove it, and link the database instead.");
        }
    }

    private static KlockException Refused(string sentence) => new(ErrorCode.StorageUnavailable, sentence);
}
