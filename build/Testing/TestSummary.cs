using Klock.Build.Running;

namespace Klock.Build.Testing;

/// <summary>The results of a whole test run, for people, and a last line for machines.</summary>
internal static class TestSummary
{
    private const int FailureLines = 6;
    private const int MaxWidth = 240;

    /// <summary>One line a suite, every failure in short, every skip with its reason, and the totals as the very last line.</summary>
    /// <returns>True when something was tested and nothing failed.</returns>
    public static bool Write(TextWriter output, IReadOnlyList<SuiteResult> suites)
    {
        output.WriteLine();
        int width = suites.Select(suite => suite.Suite.Length).DefaultIfEmpty(0).Max();
        foreach (SuiteResult suite in suites)
        {
            output.WriteLine($"{suite.Suite.PadRight(width)}  {suite.Count(Outcome.Passed),5} passed  "
                + $"{suite.Count(Outcome.Failed),3} failed  {suite.Count(Outcome.Skipped),3} skipped  {Duration.Text(suite.Time),10}");
        }

        WriteEach(output, suites, Outcome.Failed, "Failed", FailureLines);
        WriteEach(output, suites, Outcome.Skipped, "Skipped", 1);
        int Total(Outcome outcome) => suites.Sum(suite => suite.Count(outcome));
        output.WriteLine();
        output.WriteLine($"{Total(Outcome.Passed)} passed, {Total(Outcome.Failed)} failed, {Total(Outcome.Skipped)} skipped");
        return suites.Count > 0 && Total(Outcome.Failed) == 0;
    }

    private static void WriteEach(TextWriter output, IReadOnlyList<SuiteResult> suites, Outcome outcome, string title, int maxLines)
    {
        foreach (SuiteResult suite in suites)
        {
            foreach (CaseResult test in suite.Results.Where(test => test.Outcome == outcome))
            {
                string[] lines = [.. test.Message.Split('\n', StringSplitOptions.TrimEntries).Where(IsInformative)];
                output.WriteLine();
                output.WriteLine($"{title}: {suite.Suite}: {test.Name}");
                foreach (string line in lines.Take(maxLines))
                {
                    output.WriteLine("    " + (line.Length <= MaxWidth ? line : line[..MaxWidth] + " ..."));
                }

                if (outcome == Outcome.Failed && lines.Length > maxLines)
                {
                    output.WriteLine($"    ... all of it: {Path.GetRelativePath(Repo.Top, Step.LogPath(suite.Suite))}");
                }
            }
        }
    }

    // A stack frame of .NET without a source line is one of the test runner or of reflection.
    private static bool IsInformative(string line) =>
        line.Length > 0 && !(line.StartsWith("at ", StringComparison.Ordinal) && !line.Contains(":line ", StringComparison.Ordinal));
}
