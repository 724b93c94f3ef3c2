using System.CommandLine;
using System.CommandLine.Parsing;
using Klock.Coordinator;

namespace Klock.Cli.Options;

/// <summary>An option that holds a duration as people write it.</summary>
internal sealed class DurationOption : Option<long?>
{
    private readonly long _byDefaultMs;

    public DurationOption(string name, string description, string byDefault)
        : base(name)
    {
        Description = $"{description} [default: {byDefault}]";
        HelpName = "TIME";
        CustomParser = result => Parse(result, name);
        _byDefaultMs = Durations.ToMs(byDefault) ?? throw new ArgumentException("no duration", nameof(byDefault));
    }

    /// <summary>What was given, or the default, in ms.</summary>
    public long MsOf(ParseResult result) => result.GetValue(this) ?? _byDefaultMs;

    private static long? Parse(ArgumentResult result, string name)
    {
        string text = result.Tokens is [Token token] ? token.Value : "";
        if (Durations.ToMs(text) is { } ms)
        {
            return ms;
        }

        result.AddError($"{name} is '{text}': it must be a whole number and a unit, as in 500ms, 30s, 10m, 1h or 1d");
        return null;
    }
}
