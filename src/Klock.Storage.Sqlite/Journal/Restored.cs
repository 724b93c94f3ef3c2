using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>
/// Sees that a file went back, or is a copy that may be older than what it was copied from, and has its numbers go on above all that it
/// may have given: one jump, which is recorded, and told to readers as a gap.
/// </summary>
/// <remarks>
/// A file that was put in place of another is a new one to the system, and what it holds says which file it was: its inode and when that
/// was made, since an inode is given again. One that was written over where it lies is told by the number that is kept on it (HeadMark),
/// and by those who had it open. The wall clock is above all numbers of a store unless it was set back.
/// </remarks>
internal static class Restored
{
    /// <summary>Inside the write transaction that opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="known">What whoever opens it knows of it.</param>
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

    // Records which file it is, when that is not what the file says. Where the system does not tell, nothing is known.
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

/// <summary>What a store object that opens its file anew knows of it.</summary>
/// <param name="Highest">The highest number that it has told of; 0 when it is new.</param>
/// <param name="WentBack">Whether it has seen that the file holds an earlier state.</param>
internal readonly record struct KnownBefore(long Highest, bool WentBack);
