namespace Klock.Build.Testing;

/// <summary>How one test ended.</summary>
internal enum Outcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>One test of one suite.</summary>
/// <param name="Name">As the suite names it.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">Why it failed or was skipped; empty when it passed.</param>
internal sealed record CaseResult(string Name, Outcome Outcome, string Message = "");
