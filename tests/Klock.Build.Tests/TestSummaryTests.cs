using Klock.Build.Testing;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>What a build server and a person read at the end.</summary>
public sealed class TestSummaryTests
{
    private static readonly CaseResult _good = new("a", Outcome.Passed);
    private static readonly CaseResult _bad = new("b", Outcome.Failed, "expected 1\ngot 2");
    private static readonly CaseResult _not = new("c", Outcome.Skipped, "no valgrind\ndetail");

    [Fact]
    public void The_last_line_is_the_total_of_all_suites() =>
        Assert.EndsWith("\n3 passed, 1 failed, 1 skipped\n", Write(out _, [_good, _good], [_good, _bad, _not]), StringComparison.Ordinal);

    [Fact]
    public void A_failure_fails_the_run_and_is_told_with_its_message()
    {
        string text = Write(out bool ok, [_bad]);
        Assert.False(ok);
        Assert.Contains("Failed: suite0: b\n    expected 1\n    got 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_told_in_short_with_the_place_where_it_is()
    {
        string frames = "at System.Reflection.Invoke()\nat Klock.X() in /_/x.cs:line 7\n" + string.Concat(Enumerable.Repeat("more\n", 20));
        string text = Write(out _, [new CaseResult("b", Outcome.Failed, new string('x', 1000) + "\n" + frames)]);
        Assert.DoesNotContain("Reflection", text, StringComparison.Ordinal);
        Assert.Contains("/_/x.cs:line 7", text, StringComparison.Ordinal);
        Assert.Contains("all of it: ", text, StringComparison.Ordinal);
        Assert.True(text.Split('\n').Max(line => line.Length) < 260);
        Assert.Equal(4, text.Split("more").Length - 1);
    }

    [Fact]
    public void A_skip_does_not_fail_the_run_and_is_told_with_its_reason()
    {
        string text = Write(out bool ok, [_good, _not]);
        Assert.True(ok);
        Assert.Contains("Skipped: suite0: c\n    no valgrind\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_suite_is_no_success()
    {
        Write(out bool ok);
        Assert.False(ok);
    }

    private static string Write(out bool ok, params CaseResult[][] suites)
    {
        using StringWriter output = new() { NewLine = "\n" };
        TimeSpan time = TimeSpan.FromSeconds(1);
        ok = TestSummary.Write(output, [.. suites.Select((tests, index) => new SuiteResult($"suite{index}", tests, time))]);
        return output.ToString();
    }
}
