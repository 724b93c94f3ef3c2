using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>
/// Detects that a file holds an earlier state, or is a copy that may be older than its original, and lets its numbers continue above all
/// that it may have given: one jump, which is recorded, and shown to readers of events as a gap.
/// </summary>
/// <remarks>
/// A file that was put in place of another is a new one to the system, and its content says which file it was: by its inode and its time
/// of birth, since inodes are reused. A file that was overwritten in place is detected by the number that is kept on it (HeadMark), and
/// by processes that had it open. The wall clock is above all numbers of a store unless it was set back.
/// </remarks>
internal static class Restored
{
    /// <summary>Called inside the write transaction that opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="known">What the caller knows of the file.</param>
    /// <param name="time">The clock.</param>
    public static void GoOnAbove(SqliteFile file, in KnownBefore known, TimeProvider time)
    {
        HeadRow head = HeadRow.Read(file);
        long reached = Math.Max(known.Highest, HeadMark.Read(file.RealPath));
        bool isCopy = IsAnother(file);
        if (isCopy || known.WentBack || reached > head.Sequence)
        {
            long above = Math.Max(Math.Max(reached, head.Sequence), Math.Max(Ceiling.Read(file), FencingTokens.Start(time.GetUtcNow())));
            EventRows.Insert(file, new Event { Sequence = above + 1, Kind = EventKind.Resumed, AtMs = head.AtMs });
        }
    }

    // Records which file it is, when that differs from what the file says. Where the system does not report it, nothing is known.
    private static bool IsAnother(SqliteFile file)
    {
        if (file.Identity is not { } identity)
        {
            return false;
        }

        SqliteParameter[] itself = [new("$inode", unchecked((long)identity.Inode)), new("$born", identity.BornAtNs)];
        object? isSame = file.Ask("SELECT inode = $inode AND born_at_ns = $born FROM identity", itself);
        if (isSame is not 1L)
        {
            file.Run("INSERT OR REPLACE INTO identity (one, inode, born_at_ns) VALUES (1, $inode, $born)", itself);
        }

        return isSame is 0L;
    }
}

/// <summary>What a store object that reopens its file knows of it.</summary>
/// <param name="Highest">The highest number that an answer depended on; 0 for a new store object.</param>
/// <param name="WentBack">Whether the file was found to hold an earlier state.</param>
internal readonly record struct KnownBefore(long Highest, bool WentBack);
