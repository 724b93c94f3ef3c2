using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Klock.Cli.Options;

/// <summary>
/// An option that holds a duration as people write it: <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>1h</c>. A bare number would be guessed
/// wrong.
/// </summary>
internal sealed class DurationOption : Option<long?>
{
    private static readonly (string Unit, long Ms)[] _units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    private readonly long _byDefaultMs;

    public DurationOption(string name, string description, string byDefault)
        : base(name)
    {
        Description = $"{description} [default: {byDefault}]";
        HelpName = "TIME";
        CustomParser = result => Parse(result, name);
        _byDefaultMs = ToMs(byDefault) ?? throw new ArgumentException("no duration", nameof(byDefault));
    }

    /// <summary>What was given, or the default, in ms.</summary>
    public long MsOf(ParseResult result) => result.GetValue(this) ?? _byDefaultMs;

    private static long? Parse(ArgumentResult result, string name)
    {
        string text = result.Tokens is [Token token] ? token.Value : "";
        if (ToMs(text) is { } ms)
        {
            return ms;
        }

        result.AddError($"{name} is '{text}': it must be a whole number and a unit, as in 500ms, 30s, 10m or 1h");
        return null;
    }

    private static long? ToMs(string text)
    {
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
