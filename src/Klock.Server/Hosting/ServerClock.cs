using System.Globalization;
using Klock.Server.Startup;

namespace Klock.Server.Hosting;

/// <summary>The clock of the store: the system's, or in tests one whose wall clock is wrong by a fixed amount.</summary>
internal static class ServerClock
{
    /// <summary>By how many ms the wall clock is ahead, or behind if negative.</summary>
    public const string OffsetVariable = "KLOCK_TEST_CLOCK_OFFSET_MS";

    // Ten years, so that no time that is made from it leaves what a date can hold.
    private const long MostMs = 315_360_000_000;

    /// <summary>The clock that the variable asks for.</summary>
    /// <param name="offset">What the variable has; null when it is not set.</param>
    /// <exception cref="StartFailure">It is no such number.</exception>
    public static TimeProvider Of(string? offset)
    {
        if (offset is null)
        {
            return TimeProvider.System;
        }

        return long.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long ms)
            && ms is >= -MostMs and <= MostMs
            ? new Shifted(TimeSpan.FromMilliseconds(ms))
            : throw new StartFailure(
                $"{OffsetVariable} is '{offset}': it must be a whole number of milliseconds from -{MostMs} to {MostMs}, or not be set.");
    }

    // Only what a clock on the wall shows: time passes as ever.
    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + by;
    }
}
