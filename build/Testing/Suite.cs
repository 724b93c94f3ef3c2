using Klock.Build.Running;

namespace Klock.Build.Testing;

/// <summary>One program that runs tests and writes a JUnit report.</summary>
/// <param name="Name">Unique; also the name of its log and report.</param>
/// <param name="Command">Given the path of the report to write, what to run.</param>
/// <param name="Needs">The Debian packages without which it cannot start at all.</param>
internal sealed record Suite(string Name, Func<string, Child> Command, params string[] Needs)
{
    /// <summary>How long it may take; then it hangs, and is killed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>True when it loads every core, or has tests that measure time: nothing else runs beside it.</summary>
    public bool Alone { get; init; }
}

/// <summary>The results of a suite that ran, or could not run.</summary>
/// <param name="Suite">The name.</param>
/// <param name="Results">Every test, and a failure or skip of the suite as a whole where there was one.</param>
/// <param name="Time">Wall time from start to exit.</param>
internal sealed record SuiteResult(string Suite, IReadOnlyList<CaseResult> Results, TimeSpan Time)
{
    /// <summary>How many tests ended so.</summary>
    public int Count(Outcome outcome) => Results.Count(result => result.Outcome == outcome);
}
