using Klock.Client.Places;
using Klock.Storage.Sqlite.Database;

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
    /// <exception cref="IOException">It cannot be used; nor can it where a SQLite error is thrown.</exception>
    public static AgentMemory Open(StorePlace place)
    {
        StoreFolder.Make(place.Folder);
        string path = PathIn(place);
        StoreFolder.MakeFile(path);
        SqliteFile file = SqliteFile.Open(path, keepsShortLog: true);
        try
        {
            file.Run($"PRAGMA busy_timeout = {BusyMs}");
            MemorySchema.Ensure(file);

            // What a power failure takes was remembered for hours at the most: no commit waits for the disk.
            file.Run("PRAGMA synchronous = OFF");
            return new AgentMemory(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
