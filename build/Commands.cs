namespace Klock.Build;

/// <summary>A command of the build program.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Help">One line.</param>
/// <param name="Arguments">How many arguments it takes at most.</param>
/// <param name="RunAsync">Runs it; returns the exit code of the process.</param>
internal sealed record Command(string Name, string Help, int Arguments, Func<string[], CancellationToken, Task<int>> RunAsync);

/// <summary>The commands, and which one the command line asks for.</summary>
internal static class Commands
{
    private static readonly Command[] _all =
    [
        new("build", "make everything that is shipped, in dist/ (the default)", 0, (_, cancel) => BuildCommand.RunAsync(cancel)),
        new("demo", "show agents losing edits without Klock, and none with it", int.MaxValue, DemoCommand.RunAsync),
        new("test", "build, then run every suite, or those whose name contains the word that follows", 1, TestCommand.RunAsync),
        new("bench", "build, then run the benchmarks, or those whose name has the word that follows", int.MaxValue, BenchCommand.RunAsync),
        new("soak", "run the simulation and the process hammer, an hour each or so many seconds; or every test of real 'agents'; or "
            + "'machines' that lose each other", int.MaxValue, SoakCommand.RunAsync),
        new("mutate", "change the kernel in small ways and count how many its tests find (an hour)", int.MaxValue, MutateCommand.RunAsync),
        new("fuzz", "have afl++ invent requests for ten minutes, or so many seconds, and show which break a rule", 1, FuzzCommand.RunAsync),
        new("machines", "build for other machines too, and pack the files of a release in dist/machines", 0,
            (_, cancel) => MachinesCommand.RunAsync(cancel)),
        new("site", "make the documentation a site, in dist/site", 0, (_, cancel) => SiteCommand.RunAsync(cancel)),
        new("recording", "draw docs/images/terminal.svg anew, from a run of klock", 0, (_, cancel) => RecordingCommand.RunAsync(cancel)),
        new("screenshots", "make the pictures of the dashboard in docs/images anew, from a run of klock", 0,
            (_, cancel) => ScreenshotsCommand.RunAsync(cancel)),
        new("clean", "remove dist/ and artifacts/", 0, (_, _) => CleanCommand.RunAsync()),
        new("help", "show this list", 0, (_, _) => HelpAsync()),
    ];

    /// <summary>Runs what the command line asks for.</summary>
    /// <exception cref="BuildFailure">There is no such command, or it takes fewer arguments.</exception>
    public static Task<int> RunAsync(string[] line, CancellationToken cancel)
    {
        string name = line.FirstOrDefault() ?? "build";
        Command command = Array.Find(_all, candidate => candidate.Name == name)
            ?? throw new BuildFailure($"Unknown command '{name}'.\n{List()}", BuildFailure.NotRight);
        string[] arguments = [.. line.Skip(1)];
        return arguments.Length <= command.Arguments
            ? command.RunAsync(arguments, cancel)
            : throw new BuildFailure($"'{name}' does not take '{arguments[command.Arguments]}'.\n{List()}", BuildFailure.NotRight);
    }

    private static Task<int> HelpAsync()
    {
        Console.WriteLine(List());
        return Task.FromResult(0);
    }

    private static string List() =>
        "Usage: ./build.sh [command]\n" + string.Join('\n', _all.Select(command => $"  {command.Name,-11} {command.Help}"));
}
