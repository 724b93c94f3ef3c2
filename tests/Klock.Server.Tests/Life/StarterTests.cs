using System.Diagnostics;
using System.Globalization;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Life;

/// <summary>A server that a program started for itself ends with that program, and with no other.</summary>
public sealed class StarterTests
{
    private const string Variable = "KLOCK_ENDS_WITH";

    [Fact]
    public async Task It_ends_when_its_starter_is_killed_and_not_before()
    {
        using Process starter = Process.Start("sleep", "600");
        await using ServerProcess server = await ServerProcess.StartWithAsync([(Variable, NameOf(starter.Id))]);
        using var api = new Api(server.Url);
        (await api.AcquireAsync("a", "/held")).Is(201);
        Task<Reply> waiting = api.AcquireAsync("b", "/held", waitMs: 600_000);
        await api.UntilWaitersAsync(1);
        starter.Kill();
        Assert.Equal(0, await server.EndAsync());
        (await waiting).IsError(503, "CLOSED");
        Assert.Contains($"process {starter.Id}, has ended", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_starter_that_is_gone_before_it_is_up_counts_too_and_so_does_one_whose_number_another_has()
    {
        string name = NameOf(Environment.ProcessId);
        string[] parts = name.Split(' ');
        await using ServerProcess server = await ServerProcess.StartWithAsync(
            [(Variable, $"{parts[0]} {long.Parse(parts[1], CultureInfo.InvariantCulture) - 1} {parts[2]}")]);
        Assert.Equal(0, await server.EndAsync());
    }

    [Fact]
    public async Task A_process_of_another_namespace_ends_nothing()
    {
        await using ServerProcess server = await ServerProcess.StartWithAsync([(Variable, "1073741824 5 pid:[1]")]);
        using var api = new Api(server.Url);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        (await api.GetAsync("/health")).Is(200);
    }

    // proc_pid_stat(5): the columns start after the name, which is in parentheses.
    private static string NameOf(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        string startedAt = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        return $"{pid} {startedAt} {File.ResolveLinkTarget($"/proc/{pid}/ns/pid", returnFinalTarget: false)!.Name}";
    }
}
