using Klock.Build.Running;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>Real processes.</summary>
public sealed class ChildTests
{
    [Fact]
    public async Task Output_of_both_kinds_gets_into_the_log_and_the_exit_code_comes_back()
    {
        using StringWriter log = new();
        int code = await Shell("echo out; echo err >&2; exit 7").RunLoggedAsync(log, TestContext.Current.CancellationToken);
        Assert.Equal(7, code);
        Assert.Equal(["err", "out"], log.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Standard_input_is_empty_so_that_nothing_waits_for_a_person()
    {
        using StringWriter log = new();
        Assert.Equal(0, await Shell("cat").RunLoggedAsync(log, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Variables_are_set_and_removed()
    {
        using StringWriter log = new();
        Dictionary<string, string?> variables = new() { ["KLOCK_SELF_TEST"] = "x", ["HOME"] = null };
        Child child = Shell("echo \"$KLOCK_SELF_TEST${HOME-none}\"") with { Environment = variables };
        await child.RunLoggedAsync(log, TestContext.Current.CancellationToken);
        Assert.Equal("xnone", log.ToString().Trim());
    }

    [Fact]
    public async Task Cancelling_kills_the_program_and_what_it_started()
    {
        using CancellationTokenSource cancel = new();
        TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FirstLine log = new(line => started.SetResult(int.Parse(line)));
        Task<int> run = Shell("sleep 600 & echo $!; wait").RunLoggedAsync(log, cancel.Token);
        int grandchild = await started.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(IsAlive(grandchild));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        for (int tries = 0; IsAlive(grandchild) && tries < 500; tries++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.False(IsAlive(grandchild));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        using StringWriter log = new();
        BuildFailure failure = await Assert.ThrowsAsync<BuildFailure>(
            () => new Child("klock-no-such-program").RunLoggedAsync(log, TestContext.Current.CancellationToken));
        Assert.Contains("klock-no-such-program", failure.Message, StringComparison.Ordinal);
        Assert.Equal(BuildFailure.NotRight, failure.ExitCode);
    }

    private static Child Shell(string script) => new("/bin/sh", "-c", script);

    // A killed process whose parent has not looked yet is a zombie: dead for all that matters.
    private static bool IsAlive(int process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    private sealed class FirstLine(Action<string> onLine) : StringWriter
    {
        public override void WriteLine(string? value) => onLine(value ?? "");
    }
}
