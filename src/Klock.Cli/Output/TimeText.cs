namespace Klock.Cli.Output;

/// <summary>Durations for a person, as short as possible.</summary>
internal static class TimeText
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <summary>As in <c>0.4s</c>, <c>57s</c>, <c>3m</c>, <c>2h05m</c>, <c>4d</c>; a negative one is shown as zero.</summary>
    public static string Short(long ms) => ms switch
    {
        <= 0 => "0s",
        < 10 * Second => FormattableString.Invariant($"{ms / 100 / 10.0:0.#}s"),
        < 2 * Minute => $"{ms / Second}s",
        < Hour => $"{ms / Minute}m",
        < Day => $"{ms / Hour}h{ms % Hour / Minute:00}m",
        _ => $"{ms / Day}d",
    };
}
