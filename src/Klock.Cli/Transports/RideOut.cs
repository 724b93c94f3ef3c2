namespace Klock.Cli.Transports;

/// <summary>Retries while a server is gone or restarts, for as long as one would have waited anyway.</summary>
internal static class RideOut
{
    /// <summary>How long to wait for a server that never answered: it may be starting.</summary>
    public static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls something until it succeeds, or the time is up.</summary>
    /// <param name="clock">What the time is measured by.</param>
    /// <param name="patience">How long at the most.</param>
    /// <param name="firstPatience">How long while the server never answered.</param>
    /// <param name="gone">Called once, with what is wrong.</param>
    /// <param name="attempt">The call, given the time that is left.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="Unreachable">The time is up.</exception>
    public static T Run<T>(
        TimeProvider clock, TimeSpan patience, TimeSpan firstPatience, Action<Unreachable> gone, Func<TimeSpan, T> attempt,
        CancellationToken cancel)
    {
        long start = clock.GetTimestamp();
        TimeSpan pause = _shortest;
        for (bool isReported = false; ; isReported = true)
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

                if (!isReported)
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
