using System.Globalization;

namespace Klock.Kernel.Tests.Undo;

/// <summary>One command, with all that it needs, so that it can be run on several tables.</summary>
/// <param name="What">For the message of a failing test; made only then.</param>
/// <param name="Run">Runs it, and tells what it answered.</param>
internal sealed record Deed(FormattableString What, Func<LeaseTable, string> Run)
{
    public override string ToString() => What.ToString(CultureInfo.InvariantCulture);
}
