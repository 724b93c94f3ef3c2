using System.Globalization;
using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary>
/// <c>soak</c>: the simulation, then the process hammer, each for a given time, on seeds that no test has seen. <c>soak agents</c>: the
/// long form of the suite with the real clients. <c>soak machines</c>: etcd members and servers that lose each other, for half an hour.
/// </summary>
internal static class SoakCommand
{
    private const int UsualSeconds = 3_600;

    private static readonly (string Project, string Namespace)[] _soaks =
    [
        ("Klock.Simulation.Tests", "Klock.Simulation.Tests"),
        ("Klock.Storage.Tests", "Klock.Storage.Tests.Hammering"),
    ];

    /// <param name="arguments">How many seconds each soak lasts, an hour if it is left out; or <c>agents</c>; or <c>machines</c> and what
    /// tests/soak/run.py takes.</param>
    /// <param name="cancel">Stops them.</param>
    /// <returns>0 when none found anything.</returns>
    public static Task<int> RunAsync(string[] arguments, CancellationToken cancel) => arguments switch
    {
        ["agents"] => RunAgentsAsync(cancel),
        ["machines", .. string[] rest] => RunMachinesAsync(rest, cancel),
        [] or [_] => RunSeedsAsync(arguments, cancel),
        _ => throw new BuildFailure(
            $"'soak {arguments[0]}' does not take '{arguments[1]}'; 'soak machines' takes --minutes <n>, --seed <n>, --etcd <folder>.",
            BuildFailure.NotRight),
    };

    private static async Task<int> RunAgentsAsync(CancellationToken cancel)
    {
        await BuildCommand.RunAsync(cancel);
        return await new Child("node", Repo.At("tests", "agents", "run.mjs"), "--long").RunAttachedAsync(cancel);
    }

    private static async Task<int> RunMachinesAsync(string[] arguments, CancellationToken cancel)
    {
        await Tools.RequireForBuildAsync(cancel);
        await Programs.MakeAsync(cancel);
        await TestPackages.EnsureAsync(TestPackage.OfMachines, cancel);
        return await new Child(Tools.Python, ["-B", Repo.At("tests", "soak", "run.py"), .. arguments]).RunAttachedAsync(cancel);
    }

    private static async Task<int> RunSeedsAsync(string[] arguments, CancellationToken cancel)
    {
        int seconds = Duration.ParseSeconds("soak", arguments.FirstOrDefault(), UsualSeconds);
        await Tools.RequireForBuildAsync(cancel);
        await NativeLibrary.MakeAsync(cancel);
        await Step.RunAsync("soak", cancel, Dotnet.Restore(Repo.Solution), Dotnet.Build(Repo.Solution));
        int worst = 0;
        foreach ((string project, string space) in _soaks)
        {
            Console.WriteLine($"[{project}] {seconds} s ...");
            Child soak = new(Repo.TestProgram(project), "-noLogo", "-namespace", space)
            {
                Environment = { ["KLOCK_SOAK_SECONDS"] = seconds.ToString(CultureInfo.InvariantCulture) },
            };
            worst = Math.Max(worst, await soak.RunAttachedAsync(cancel));
        }

        return worst;
    }
}
