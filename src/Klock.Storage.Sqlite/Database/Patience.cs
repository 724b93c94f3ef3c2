namespace Klock.Storage.Sqlite.Database;

/// <summary>Waits for other processes to finish their transactions, within a bound.</summary>
/// <remarks>
/// SQLite's own busy handler backs off to 100 ms between tries, which is twenty times what a transaction takes here. A try a
/// millisecond keeps the queue of processes moving.
/// </remarks>
internal static class Patience
{
    /// <summary>How long a transaction's begin is tried before the store counts as failed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs a statement that may find the file locked, again and again until it does not or the time is up.</summary>
    public static void Run(Statement statement, TimeProvider time)
    {
        long start = time.GetTimestamp();
        while (!statement.TryRun())
        {
            if (time.GetElapsedTime(start) > Longest)
            {
                throw new IOException($"other processes kept the file locked for {Longest.TotalSeconds} s");
            }

            Thread.Sleep(Pause);
        }
    }

    /// <summary>
    /// Does what may find the file locked at any step, from its start, again and again until it does not or the time is up.
    /// </summary>
    public static T Try<T>(Func<T> action, TimeProvider time)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return action();
            }
            catch (SqliteFailure failure) when (failure.IsBusy && time.GetElapsedTime(start) < Longest)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
