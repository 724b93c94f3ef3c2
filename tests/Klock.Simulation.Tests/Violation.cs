using System.Runtime.CompilerServices;
using System.Text;

namespace Klock.Simulation.Tests;

/// <summary>The kernel did what SPEC does not allow, or left undone what it asks for.</summary>
internal sealed class Violation(string what) : Exception(what)
{
    public static void Unless(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] Words what)
    {
        if (!holds)
        {
            throw new Violation(what.ToString());
        }
    }

    public static void Unless(bool holds, string what)
    {
        if (!holds)
        {
            throw new Violation(what);
        }
    }

    public static void UnlessSame<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new Violation($"{what}: expected {expected}, is {actual}");
        }
    }
}

/// <summary>A message that is only written when it is needed: there are some hundred checks a step.</summary>
[InterpolatedStringHandler]
internal readonly struct Words
{
    private readonly StringBuilder? _text;

    public Words(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = holds ? null : new StringBuilder(literalLength + (16 * formattedCount));
    }

    public void AppendLiteral(string text) => _text!.Append(text);

    public void AppendFormatted<T>(T value) => _text!.Append(value);

    public override string ToString() => _text?.ToString() ?? "";
}
