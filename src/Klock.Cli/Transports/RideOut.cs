namespace Klock.Cli.Transports;

/// <summary>Asks a server again that is gone or starts anew, for as long as one would have waited anyway.</summary>
internal static class RideOut
{
    /// <summary>How long a server is waited for that was never heard of: it may be starting.</summary>
    public static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(500);

    /// <summary>Does something until it is done, or the time is up.</summary>
    /// <param name="clock">What the time is measured by.</param>
    /// <param name="patience">How long at the most.</param>
    /// <param name="firstPatience">How long while nothing was ever heard from the server.</param>
    /// <param name="gone">Is told what is wrong, once.</param>
    /// <param name="attempt">Does it, in the time that is left.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="Unreachable">The time is up.</exception>
    public static T Run<T>(
        TimeProvider clock, TimeSpan patience, TimeSpan firstPatience, Action<Unreachable> gone, Func<TimeSpan, T> attempt,
        CancellationToken cancel)
    {
        long start = clock.GetTimestamp();
        TimeSpan pause = _shortest;
        for (bool isTold = false; ; isTold = true)
        {
            try
            {
                return attempt(patience - clock.GetElapsedTime(start));
            }
            catch (Unreachable problem)
            {
                TimeSpan left = (problem.IsFirst && firstPatience < patience ? firstPatience : patience) - clock.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    throw;
                }

                if (!isTold)
                {
                    gone(problem);
                }

                TimeSpan wanted = problem.RetryAfter ?? pause;
                cancel.WaitHandle.WaitOne(wanted < left ? wanted : left);
                cancel.ThrowIfCancellationRequested();
                pause = pause * 2 < _longest ? pause * 2 : _longest;
            }
        }
    }
}
