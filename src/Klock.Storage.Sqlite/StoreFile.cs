using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Sqlite.Journal;

namespace Klock.Storage.Sqlite;

/// <summary>Opens a store's file: creates it when there is none, and checks that it is a store.</summary>
internal static class StoreFile
{
    // Closing any descriptor of a file drops every POSIX lock that the process holds on it (fcntl(2)), also those of another
    // connection. So a file is created, and that descriptor closed, only while nothing in this process can be opening it.
    private static readonly Lock MakingFiles = new();

    /// <summary>Opens the file and finds its clock.</summary>
    /// <param name="location">Which file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mayMake">Whether it is created when there is none: not when it was there before and somebody deleted it.</param>
    /// <param name="known">What the caller knows of the file.</param>
    public static (SqliteFile File, StoreClock Clock) Open(SqliteLocation location, TimeProvider time, bool mayMake, KnownBefore known)
    {
        RefuseNetwork(location);
        lock (MakingFiles)
        {
            if (mayMake)
            {
                MakeIfMissing(location.Path);
            }

            // Until a file is in WAL mode its readers lock its writer out, and reading its schema can fail because it is locked.
            return Patience.Try(() => OpenOnce(location, time, known), time);
        }
    }

    private static void RefuseNetwork(SqliteLocation location)
    {
        if (!location.AllowsNetwork && NetworkFolders.Describe(location.Path) is { } kind)
        {
            throw new KlockException(
                ErrorCode.StorageUnavailable,
                $"{location.Path} is on a network file system ({kind}), where two machines could both be granted a lease: use a file on a "
                    + "local disk (of a container: a named volume), a klock serve for several machines, or ?network=allow when only this "
                    + "machine uses the file.");
        }
    }

    private static (SqliteFile File, StoreClock Clock) OpenOnce(SqliteLocation location, TimeProvider time, in KnownBefore known)
    {
        SqliteFile file = SqliteFile.Open(location.Path, location.KeepsLog);
        try
        {
            file.Identify();
            return (file, Prepare(file, location, time, known));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static StoreClock Prepare(SqliteFile file, SqliteLocation location, TimeProvider time, in KnownBefore known)
    {
        // SQLite takes a file of one byte for an empty one, and would write over it (unixFileSize in its os_unix.c).
        if (new FileInfo(file.RealPath).Length == 1)
        {
            throw new InvalidDataException("the file is not a database");
        }

        // A file that is no database at all is refused here, before anything is written.
        file.Run("SELECT count(*) FROM sqlite_schema");
        file.Run("BEGIN IMMEDIATE");
        Schema.Ensure(file, location.Path, time.GetUtcNow());
        Restored.GoOnAbove(file, known, time);
        StoreClock clock = StoreClock.Ensure(file, time);
        file.Run("COMMIT");
        file.Run("PRAGMA journal_mode = WAL");

        // A commit does not wait for the disk: answers do (SharedFlush). Only checkpoints flush.
        file.Run("PRAGMA synchronous = NORMAL");
        return clock;
    }

    // Created here rather than by SQLite so that only its owner can read it from the start: notes and paths are private.
    private static void MakeIfMissing(string path)
    {
        _ = FileStatus.Read(path, out bool isThere);
        if (isThere)
        {
            return;
        }

        // Not CreateNew: that does not follow a link to where the file is to be. When another process is quicker, its file is used.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var made = new FileStream(path, options);

            // An empty one, even another process's, has nothing to hide. SQLite gives its log and index the owner of the file.
            if (made.Length == 0)
            {
                FolderOwner.Give(made.SafeFileHandle);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException(WhyNotMade(failure), failure);
        }
    }

    private static string WhyNotMade(Exception failure) => failure switch
    {
        DirectoryNotFoundException or FileNotFoundException => "its folder does not exist: make that first",
        PathTooLongException => "its path is too long",
        _ => $"it cannot be made there: {SystemTrouble.Of(failure)}",
    };
}
