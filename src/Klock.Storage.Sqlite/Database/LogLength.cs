using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Klock.Storage.Sqlite.Database;

/// <summary>Keeps the write-ahead log short: checkpoints it when it has grown, so that it starts over.</summary>
/// <remarks>
/// SQLite's own checkpoint never locks a writer out. But a log starts over only when all of it has been checkpointed, and with many
/// processes that commit all day one of them has always appended meanwhile: the log grew by 10 MB a second.
/// </remarks>
internal sealed unsafe partial class LogLength
{
    // Four megabytes, SQLite's own default.
    private const int LongFrames = 1_000;

    // Each some 0.1 ms: for the transactions and reads of others, who hold the needed locks for less than that.
    private const int MostPauses = 100;

    private readonly sqlite3 _connection;

    // Pinned, since SQLite writes to it, through Note.
    private readonly int[] _frames = GC.AllocateArray<int>(1, pinned: true);
    private int _tooLong = LongFrames;

    public LogLength(sqlite3 connection)
    {
        _connection = connection;
        void* frames = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_frames, 0);
        _ = SetCommitHook(connection.DangerousGetHandle(), &Note, frames);
    }

    /// <summary>Called after a commit.</summary>
    public void Shorten()
    {
        int frames = _frames[0];
        if (frames < LongFrames)
        {
            _tooLong = LongFrames;
        }
        else if (frames >= _tooLong)
        {
            // Whatever the result: it can be done later, as long as each attempt does not delay the next commit.
            _tooLong = frames + LongFrames;
            nint connection = _connection.DangerousGetHandle();
            _ = SetBusyHandler(connection, &PauseAWhile, null);
            _ = raw.sqlite3_wal_checkpoint_v2(_connection, null, raw.SQLITE_CHECKPOINT_RESTART, out _, out _);
            _ = SetBusyHandler(connection, null, null);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Note(void* frames, nint connection, byte* database, int count)
    {
        *(int*)frames = count;
        return raw.SQLITE_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int PauseAWhile(void* nothing, int pauses)
    {
        Patience.Pause(pauses);
        return pauses < MostPauses ? 1 : 0;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_wal_hook")]
    private static partial void* SetCommitHook(nint connection, delegate* unmanaged[Cdecl]<void*, nint, byte*, int, int> hook, void* state);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_busy_handler")]
    private static partial int SetBusyHandler(nint connection, delegate* unmanaged[Cdecl]<void*, int, int> handler, void* state);
}
