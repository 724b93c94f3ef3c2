using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Agents.Memory;

/// <summary>
/// What hooks remember from one event to the next, in a file beside the store: which agents there are, which leases are in use by a tool
/// and which are idle, what each agent last knew of a file. Losing it costs some protection of content, never a lease.
/// </summary>
/// <remarks>One connection, for one thread. Every method is one transaction, so hooks of many processes may call at any time.</remarks>
internal sealed partial class AgentMemory : IDisposable
{
    private const string FileName = "hooks.db";
    private const int BusyMs = 10_000;

    private readonly SqliteFile _file;

    private AgentMemory(SqliteFile file) => _file = file;

    /// <summary>Where it is kept for a place.</summary>
    public static string PathIn(StorePlace place) => Path.Combine(place.Folder, FileName);

    /// <summary>Opens the memory of a place, and makes it if it is not there.</summary>
    /// <exception cref="KlockException"><see cref="ErrorCode.StorageUnavailable"/>: it cannot be used. The message says which file,
    /// and that it may be deleted.</exception>
    public static AgentMemory Open(StorePlace place)
    {
        StoreFolder.Make(place.Folder);
        string path = PathIn(place);
        try
        {
            StoreFolder.MakeFile(path);
            // Where many open a file that is not there yet, SQLite's own patience does not cover the change to its write-ahead log.
            return new AgentMemory(Patience.Try(() => OpenFile(path), TimeProvider.System));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or SqliteException)
        {
            throw new KlockException(
                ErrorCode.StorageUnavailable,
                $"{path} cannot be used: {failure.Message.TrimEnd('.')}. It holds what hooks remember, and no lease: "
                    + "if it is damaged, or of another version of Klock, delete it.", failure);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static SqliteFile OpenFile(string path)
    {
        SqliteFile file = SqliteFile.Open(path, keepsShortLog: true);
        try
        {
            file.Run($"PRAGMA busy_timeout = {BusyMs}");
            MemorySchema.Ensure(file);

            // No commit waits for the disk, only a checkpoint does: a power failure takes the last commits, and does not damage the file.
            file.Run("PRAGMA synchronous = NORMAL");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
