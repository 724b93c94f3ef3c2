using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Klock.Cli.Options;

/// <summary>An option that holds a whole number.</summary>
internal sealed class NumberOption : Option<ulong?>
{
    private readonly ulong _byDefault;

    /// <param name="name">What is typed.</param>
    /// <param name="description">For the help.</param>
    /// <param name="helpName">What the value stands for.</param>
    /// <param name="min">The least allowed.</param>
    /// <param name="max">The most allowed.</param>
    /// <param name="byDefault">The default; null for none.</param>
    public NumberOption(string name, string description, string helpName, ulong min, ulong max, ulong? byDefault = null)
        : base(name)
    {
        _byDefault = byDefault ?? 0;
        Description = byDefault is null ? description : $"{description} [default: {byDefault}]";
        HelpName = helpName;
        CustomParser = result => Parse(result, min, max);
    }

    /// <summary>The given value, or the default.</summary>
    public long Of(ParseResult result) => (long)(result.GetValue(this) ?? _byDefault);

    private ulong? Parse(ArgumentResult result, ulong min, ulong max)
    {
        string text = result.Tokens is [Token token] ? token.Value : "";
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number >= min && number <= max)
        {
            return number;
        }

        result.AddError($"{Name} is '{text}': it must be a whole number from {min} to {max}");
        return null;
    }
}
