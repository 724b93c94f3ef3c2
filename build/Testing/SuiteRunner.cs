using System.Xml;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build.Testing;

/// <summary>Runs one suite and judges it: a suite that dies, hangs, or runs nothing has failed, whatever its report says.</summary>
internal static class SuiteRunner
{
    private const int TailLines = 5;

    /// <summary>Runs it to its end, or to its limit; a suite whose packages are missing counts as one skipped test.</summary>
    public static async Task<SuiteResult> RunAsync(Suite suite, IReadOnlyList<TestPackage> missing, CancellationToken cancel)
    {
        if (missing.FirstOrDefault(package => suite.Needs.Contains(package.Name)) is { } lacking)
        {
            CaseResult skip = new(suite.Name, Outcome.Skipped, $"the whole suite: {lacking.Name} is missing and could not be installed");
            return new SuiteResult(suite.Name, [skip], TimeSpan.Zero);
        }

        string report = Path.Combine(Repo.Reports, suite.Name + ".xml");
        Directory.CreateDirectory(Repo.Reports);
        Directory.CreateDirectory(Repo.Logs);
        File.Delete(report);
        long start = Duration.Start();
        string? trouble = await RunProcessAsync(suite, report, cancel);
        TimeSpan time = Duration.Since(start);
        return new SuiteResult(suite.Name, Judge(suite.Name, ReadReport(report), trouble), time);
    }

    /// <summary>The tests reported, plus a failure of the suite itself where the report cannot be taken as the whole truth.</summary>
    /// <param name="suite">Its name.</param>
    /// <param name="reported">What its report holds; null when there is none that can be read.</param>
    /// <param name="trouble">How the process ended, in words, unless it ended with 0.</param>
    public static IReadOnlyList<CaseResult> Judge(string suite, IReadOnlyList<CaseResult>? reported, string? trouble)
    {
        string? failure = reported switch
        {
            null => "wrote no readable report" + (trouble is null ? "" : "; it " + trouble),
            { Count: 0 } => "ran no test at all" + (trouble is null ? "" : "; it " + trouble),
            _ when trouble is not null && reported.All(test => test.Outcome != Outcome.Failed) => $"{trouble}, and no test of it failed",
            _ => null,
        };
        return failure is null ? reported! : [.. reported ?? [], new CaseResult(suite, Outcome.Failed, $"the suite {failure}")];
    }

    private static async Task<string?> RunProcessAsync(Suite suite, string report, CancellationToken cancel)
    {
        string path = Step.LogPath(suite.Name);
        await using StreamWriter log = new(path) { AutoFlush = true };
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(suite.Limit);
        try
        {
            int code = await suite.Command(report).RunLoggedAsync(log, limited.Token);
            return code == 0 ? null : $"ended with {code}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The test that hangs is among the last lines of the log.
            string tail = string.Join('\n', File.ReadLines(path).TakeLast(TailLines));
            return $"was killed after {Duration.Text(suite.Limit)}; the end of its log:\n{tail}";
        }
    }

    private static IReadOnlyList<CaseResult>? ReadReport(string file)
    {
        try
        {
            return File.Exists(file) ? JUnitReport.Parse(File.ReadAllText(file)) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
