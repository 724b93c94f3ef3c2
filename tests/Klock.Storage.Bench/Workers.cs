using System.Diagnostics;
using System.Globalization;

namespace Klock.Storage.Bench;

/// <summary>Runs this program several times at once, each with a part of the work, and reads what they measured.</summary>
internal static class Workers
{
    /// <summary>When all begin: late enough for each to be up by then.</summary>
    public static string SoonMs() =>
        TimeProvider.System.GetUtcNow().AddSeconds(5).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>A duration, as an argument.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>The reverse of <see cref="Seconds"/>.</summary>
    public static TimeSpan Time(string seconds) => TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));

    /// <summary>Returns at that time.</summary>
    /// <returns>The time.</returns>
    public static DateTimeOffset SleepUntil(string startMs)
    {
        DateTimeOffset start = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(startMs, CultureInfo.InvariantCulture));
        Thread.Sleep(start - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } early ? early : TimeSpan.Zero);
        return start;
    }

    /// <summary>Runs them to their end.</summary>
    /// <returns>The numbers that each wrote.</returns>
    public static double[][] Run(int count, Func<int, string[]> arguments)
    {
        Process[] workers = [.. Enumerable.Range(0, count).Select(i => Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, arguments(i)) { RedirectStandardOutput = true, UseShellExecute = false })!)];
        return Array.ConvertAll(workers, worker =>
        {
            using (worker)
            {
                string told = worker.StandardOutput.ReadToEnd();
                worker.WaitForExit();
                return Array.ConvertAll(told.Split(' '), number => double.Parse(number, CultureInfo.InvariantCulture));
            }
        });
    }
}
