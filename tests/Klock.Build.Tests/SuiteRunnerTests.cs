using Klock.Build.Running;
using Klock.Build.Setup;
using Klock.Build.Testing;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>Real suites, as small as can be: shell scripts that write a report, or do not.</summary>
public sealed class SuiteRunnerTests
{
    private const string Report = "<testsuite><testcase name='a'/></testsuite>";

    [Fact]
    public async Task A_suite_that_writes_its_report_is_counted()
    {
        SuiteResult result = await RunAsync($"echo \"{Report}\" > \"$0\"");
        Assert.Equal([new CaseResult("a", Outcome.Passed)], result.Results);
    }

    [Fact]
    public async Task A_suite_that_dies_after_its_report_has_failed()
    {
        SuiteResult result = await RunAsync($"echo \"{Report}\" > \"$0\"; kill -SEGV $$");
        Assert.Equal((1, 1), (result.Count(Outcome.Passed), result.Count(Outcome.Failed)));
    }

    [Fact]
    public async Task The_report_of_an_earlier_run_is_not_taken_for_this_one()
    {
        await RunAsync($"echo \"{Report}\" > \"$0\"");
        SuiteResult result = await RunAsync("exit 0");
        Assert.Equal("the suite wrote no readable report", Assert.Single(result.Results).Message);
    }

    [Fact]
    public async Task A_suite_whose_package_is_missing_is_one_skip_with_its_reason()
    {
        TestPackage missing = new("python3-pytest", "x", _ => Task.FromResult(false));
        Suite suite = new("self-test", _ => throw new InvalidOperationException("must not run"), "python3-pytest");
        SuiteResult result = await SuiteRunner.RunAsync(suite, [missing], TestContext.Current.CancellationToken);
        CaseResult only = Assert.Single(result.Results);
        Assert.Equal(Outcome.Skipped, only.Outcome);
        Assert.Equal("the whole suite: python3-pytest is missing and could not be installed", only.Message);
    }

    private static Task<SuiteResult> RunAsync(string script) => SuiteRunner.RunAsync(
        new Suite("self-test", report => new Child("/bin/sh", "-c", script, report)), [], TestContext.Current.CancellationToken);
}
