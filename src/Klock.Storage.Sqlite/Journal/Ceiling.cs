using Klock.Kernel.Events;
using Klock.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>Keeps fencing tokens from going back where commits may be lost with the power (synchronous=NORMAL).</summary>
/// <remarks>
/// No number above the stored ceiling is answered before a higher ceiling is on the disk. What was lost is below it, so after a reboot
/// numbers continue above it: one jump, which is recorded, and shown to readers of events as a gap.
/// </remarks>
internal static class Ceiling
{
    // A raise is a commit with a flush; so many events share it.
    private const long Reserve = 100_000;

    /// <summary>Raises the ceiling, on the disk, when the number is above it. Outside of a transaction.</summary>
    /// <param name="file">The store.</param>
    /// <param name="known">The ceiling as this process knows it; 0 when it does not.</param>
    /// <param name="sequence">The number that is about to be answered.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The ceiling from now on.</returns>
    public static long Cover(SqliteFile file, long known, long sequence, TimeProvider time)
    {
        if (sequence <= known)
        {
            return known;
        }

        // A commit with a flush takes all earlier commits to the disk too: the write-ahead log is one file.
        file.Run("PRAGMA synchronous = FULL");
        Patience.Run(file.Statement("BEGIN IMMEDIATE"), time);
        long ceiling = Math.Max(Read(file), sequence + Reserve);
        file.Run("INSERT OR REPLACE INTO ceiling (one, sequence) VALUES (1, $ceiling)", new SqliteParameter("$ceiling", ceiling));
        file.Statement("COMMIT").Run();
        file.Run("PRAGMA synchronous = NORMAL");
        return ceiling;
    }

    /// <summary>Inside a write transaction, after a reboot: what is below the ceiling may have been lost.</summary>
    public static void GoOnAbove(SqliteFile file)
    {
        long ceiling = Read(file);
        HeadRow head = HeadRow.Read(file);
        if (ceiling > head.Sequence)
        {
            EventRows.Insert(file, new Event { Sequence = ceiling + 1, Kind = EventKind.Resumed, AtMs = head.AtMs });
        }
    }

    /// <summary>The ceiling; 0 when there is none.</summary>
    public static long Read(SqliteFile file) => file.Ask("SELECT sequence FROM ceiling") is long ceiling ? ceiling : 0;
}
