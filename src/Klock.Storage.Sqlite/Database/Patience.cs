using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Klock.Storage.Sqlite.Database;

/// <summary>Waits for other processes to finish their transactions, within a bound.</summary>
/// <remarks>
/// The lock is held for some 50 µs at a time, so it is worth yielding a few times first. And a process that has its next command ready
/// takes the lock again some microseconds after it released it: a process that tries once a millisecond, or backs off to 100 ms as SQLite's
/// own busy handler does, hardly ever finds it free. Ten tries a millisecond do, and cost a twentieth of a core while they last.
/// </remarks>
internal static partial class Patience
{
    /// <summary>How long the begin of a transaction is tried before the store counts as failed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private const int ShortPauses = 5;
    private const uint PauseMicroseconds = 100;

    /// <summary>Runs a statement, and again while the file is locked, until the time is up.</summary>
    public static void Run(Statement statement, TimeProvider time)
    {
        long start = time.GetTimestamp();
        for (int tries = 0; !statement.TryRun(); tries++)
        {
            if (time.GetElapsedTime(start) > Longest)
            {
                throw new IOException($"other processes kept the file locked for {Longest.TotalSeconds} s");
            }

            Pause(tries);
        }
    }

    /// <summary>
    /// Runs an action that may find the file locked at any step, again from its start, until it is not locked or the time is up.
    /// </summary>
    public static T Try<T>(Func<T> action, TimeProvider time)
    {
        long start = time.GetTimestamp();
        for (int tries = 0; ; tries++)
        {
            try
            {
                return action();
            }
            catch (SqliteException failure) when (failure.SqliteErrorCode == raw.SQLITE_BUSY && time.GetElapsedTime(start) < Longest)
            {
                Pause(tries);
            }
        }
    }

    /// <summary>Yields to others for a moment.</summary>
    /// <param name="tries">How many tries have failed.</param>
    /// <remarks>.NET sleeps whole milliseconds only.</remarks>
    public static void Pause(int tries)
    {
        if (tries < ShortPauses)
        {
            Thread.Yield();
        }
        else if (OperatingSystem.IsLinux())
        {
            _ = SleepMicroseconds(PauseMicroseconds);
        }
        else
        {
            Thread.Sleep(1);
        }
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int SleepMicroseconds(uint microseconds);
}
