using Xunit;

namespace Klock.Build.Tests;

/// <summary>A wrong call gets an error that says what would be right.</summary>
public sealed class CommandsTests
{
    [Theory]
    [InlineData("Unknown command 'tset'.", "tset")]
    [InlineData("'build' does not take 'now'.", "build", "now")]
    [InlineData("'test' does not take 'more'.", "test", "python", "more")]
    public async Task A_wrong_call_names_what_was_wrong_and_lists_the_commands(string message, params string[] line)
    {
        BuildFailure failure = await Assert.ThrowsAsync<BuildFailure>(() => Commands.RunAsync(line, TestContext.Current.CancellationToken));
        Assert.StartsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains("\n  clean  ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(BuildFailure.NotRight, failure.ExitCode);
    }

    [Fact]
    public async Task A_filter_that_fits_no_suite_lists_them_before_anything_is_built()
    {
        BuildFailure failure = await Assert.ThrowsAsync<BuildFailure>(
            () => Commands.RunAsync(["test", "no-such-suite"], TestContext.Current.CancellationToken));
        Assert.Contains("Klock.Build.Tests", failure.Message, StringComparison.Ordinal);
        Assert.Contains("python", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1h")]
    [InlineData("")]
    public async Task A_soak_of_no_length_is_refused_before_anything_is_built(string seconds)
    {
        BuildFailure failure = await Assert.ThrowsAsync<BuildFailure>(
            () => Commands.RunAsync(["soak", seconds], TestContext.Current.CancellationToken));
        Assert.Contains($"got '{seconds}'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(BuildFailure.NotRight, failure.ExitCode);
    }

    [Fact]
    public async Task A_soak_that_takes_no_more_says_which_does()
    {
        BuildFailure failure = await Assert.ThrowsAsync<BuildFailure>(
            () => Commands.RunAsync(["soak", "60", "--seed"], TestContext.Current.CancellationToken));
        Assert.Contains("'--seed'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("soak machines", failure.Message, StringComparison.Ordinal);
        Assert.Equal(BuildFailure.NotRight, failure.ExitCode);
    }
}
