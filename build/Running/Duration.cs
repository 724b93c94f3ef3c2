using System.Globalization;

namespace Klock.Build.Running;

/// <summary>Elapsed time, measured and written for people.</summary>
internal static class Duration
{
    /// <summary>A point in time to measure from.</summary>
    public static long Start() => TimeProvider.System.GetTimestamp();

    /// <summary>The time since <paramref name="start"/>.</summary>
    public static TimeSpan Since(long start) => TimeProvider.System.GetElapsedTime(start);

    /// <summary>"3.2 s" below a minute, "2 min 05 s" above.</summary>
    public static string Text(TimeSpan time) => time.TotalSeconds < 59.95
        ? $"{time.TotalSeconds:0.0} s"
        : $"{(int)Math.Round(time.TotalSeconds) / 60} min {(int)Math.Round(time.TotalSeconds) % 60:00} s";

    /// <summary>How many seconds a command should take; <paramref name="usual"/> when none are given.</summary>
    /// <exception cref="BuildFailure">It is not a whole number of seconds, 1 or more.</exception>
    public static int ParseSeconds(string command, string? text, int usual) =>
        text is null ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0 ? seconds
        : throw new BuildFailure($"'{command}' lasts a whole number of seconds, 1 or more, and got '{text}'.", BuildFailure.NotRight);
}
