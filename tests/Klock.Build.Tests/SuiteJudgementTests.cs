using Klock.Build.Testing;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>A suite passes only when it ran something and ended well.</summary>
public sealed class SuiteJudgementTests
{
    private static readonly CaseResult _good = new("a", Outcome.Passed);
    private static readonly CaseResult _bad = new("b", Outcome.Failed, "why");

    [Fact]
    public void Tests_that_passed_stand_as_they_are() => Assert.Equal([_good], SuiteRunner.Judge("s", [_good], trouble: null));

    [Fact]
    public void A_failed_test_explains_the_exit_code() =>
        Assert.Equal([_good, _bad], SuiteRunner.Judge("s", [_good, _bad], trouble: "ended with 1"));

    [Fact]
    public void A_bad_end_that_no_test_explains_is_a_failure() =>
        Assert.Equal([_good, new CaseResult("s", Outcome.Failed, "the suite ended with 139, and no test of it failed")],
            SuiteRunner.Judge("s", [_good], trouble: "ended with 139"));

    [Fact]
    public void No_test_is_a_failure() =>
        Assert.Equal([new CaseResult("s", Outcome.Failed, "the suite ran no test at all")], SuiteRunner.Judge("s", [], trouble: null));

    [Fact]
    public void No_report_is_a_failure() =>
        Assert.Equal([new CaseResult("s", Outcome.Failed, "the suite wrote no readable report; it was killed after 1.0 s")],
            SuiteRunner.Judge("s", reported: null, trouble: "was killed after 1.0 s"));
}
