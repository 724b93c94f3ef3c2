using System.Globalization;

namespace Klock.Coordinator;

/// <summary>
/// Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>1h</c>, <c>30d</c>. A bare number is refused: a guess at its
/// unit could be wrong.
/// </summary>
public static class Durations
{
    private static readonly (string Unit, long Ms)[] _units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    /// <summary>Reads a duration.</summary>
    /// <param name="text">A whole number and a unit.</param>
    /// <returns>In ms; null when it is none.</returns>
    public static long? ToMs(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((string unit, long ms) in _units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                return count * ms;
            }
        }

        return null;
    }
}
