using System.CommandLine;
using System.CommandLine.Parsing;
using Klock.Coordinator;

namespace Klock.Cli.Options;

/// <summary>An option that holds a duration as people write it.</summary>
internal sealed class DurationOption : Option<long?>
{
    private readonly long _byDefaultMs;

    /// <param name="name">What is typed.</param>
    /// <param name="description">For the help.</param>
    /// <param name="byDefault">The default; null when that is not a duration, and the description says what it is.</param>
    /// <param name="minMs">The least allowed, in ms.</param>
    /// <param name="maxMs">The most allowed, in ms.</param>
    public DurationOption(string name, string description, string? byDefault, long minMs, long maxMs)
        : base(name)
    {
        Description = byDefault is null ? description : $"{description} [default: {byDefault}]";
        HelpName = "TIME";
        CustomParser = result => Parse(result, minMs, maxMs);
        _byDefaultMs = byDefault is null ? 0 : Durations.ToMs(byDefault) ?? throw new ArgumentException("no duration", nameof(byDefault));
    }

    /// <summary>The given value in ms; null for none.</summary>
    public long? MsIfSaid(ParseResult result) => result.GetValue(this);

    /// <summary>The given value, or the default, in ms.</summary>
    public long MsOf(ParseResult result) => result.GetValue(this) ?? _byDefaultMs;

    private long? Parse(ArgumentResult result, long minMs, long maxMs)
    {
        string text = result.Tokens is [Token token] ? token.Value : "";
        if (Durations.ToMs(text) is not { } ms)
        {
            result.AddError($"{Name} is '{text}': it must be a whole number and a unit, as in 500ms, 30s, 10m, 1h or 1d");
            return null;
        }

        if (ms < minMs || ms > maxMs)
        {
            result.AddError($"{Name} is '{text}': it must be from {Text(minMs)} to {Text(maxMs)}");
            return null;
        }

        return ms;
    }

    private static string Text(long ms) => ms switch
    {
        _ when ms != 0 && ms % 3_600_000 == 0 => $"{ms / 3_600_000}h",
        _ when ms % 1_000 == 0 => $"{ms / 1_000}s",
        _ => $"{ms}ms",
    };
}
