using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>bench</c>: builds what is measured and runs the benchmarks on the caller's own terminal, one after another.</summary>
internal static class BenchCommand
{
    private const string Python = "python";
    private const string Node = "node";
    private const string Storage = "Klock.Storage.Bench";
    private const string Server = "Klock.Server.Bench";
    private const string Machines = "Klock.Machines.Bench";
    private const string Cli = "Klock.Cli.Bench";
    private const string Agents = "agents";
    private const string Fleet = "fleet";

    // The kernel, by BenchmarkDotNet, takes some ten minutes, each of the others one or two. The fleet alone takes half an hour.
    private static readonly string[] _benches =
        ["Klock.Native.Bench", Python, Node, Storage, Machines, Server, Cli, Agents, "Klock.Kernel.Bench", Fleet];

    /// <param name="arguments">Part of the name of one benchmark, and arguments for it; all benchmarks when left out.</param>
    /// <param name="cancel">Stops them.</param>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        string wanted = arguments.FirstOrDefault() ?? "";
        string[] chosen = [.. _benches.Where(bench => bench.Contains(wanted, StringComparison.OrdinalIgnoreCase))];
        if (chosen.Length == 0)
        {
            throw new BuildFailure($"No benchmark is called '{wanted}': there are {string.Join(", ", _benches)}.", BuildFailure.NotRight);
        }

        await Tools.RequireForBuildAsync(cancel);
        if (chosen is not [Machines])
        {
            await NativeLibrary.MakeAsync(cancel);
            await NativeLibrary.MakeTestFlavourAsync(cancel);
        }

        await Programs.MakeAsync(cancel);

        if (chosen.Contains(Cli))
        {
            await Programs.MakeHelloAsync(cancel);
        }

        if (chosen.Contains(Server))
        {
            await Programs.MakeBareRouteAsync(cancel);
            await TestPackages.EnsureAsync([TestPackage.Redis], cancel);
        }

        if (chosen.Contains(Machines))
        {
            await TestPackages.EnsureAsync(TestPackage.Engines, cancel);
        }

        int worst = 0;
        foreach (string bench in chosen)
        {
            Child program = bench switch
            {
                Python => await MakePythonAsync(cancel),
                Node => await MakeNodeAsync(cancel),
                Storage => await MakeStorageAsync(cancel),
                Fleet => FleetBench(isShort: arguments.Length == 0),
                Agents => (await MakeDotnetAsync(Cli, cancel)) with { Arguments = [Agents] },
                _ => await MakeDotnetAsync(bench, cancel),
            };
            Child passed = program with { Arguments = [.. program.Arguments, .. arguments.Skip(1)] };
            worst = Math.Max(worst, await passed.RunAttachedAsync(cancel));
        }

        return worst;
    }

    private static async Task<Child> MakeDotnetAsync(string bench, CancellationToken cancel)
    {
        string project = Repo.At("tests", bench, bench + ".csproj");
        await Step.RunAsync("bench", cancel, Dotnet.Restore(project), Dotnet.Build(project));
        return new Child(Repo.TestProgram(bench));
    }

    private static async Task<Child> MakePythonAsync(CancellationToken cancel)
    {
        await PythonWheel.MakeAsync(cancel);
        return new Child(Tools.Python, "-B", Repo.At("tests", "python", "run.py"), "--bench");
    }

    private static async Task<Child> MakeStorageAsync(CancellationToken cancel)
    {
        await Programs.MakeStorageBenchAsync(cancel);
        return new Child(Programs.StorageBench);
    }

    private static async Task<Child> MakeNodeAsync(CancellationToken cancel)
    {
        await NpmPackages.MakeAsync(cancel);
        return new Child("node", Repo.At("tests", "node", "run.mjs"), "--bench");
    }

    private static Child FleetBench(bool isShort)
    {
        string[] form = isShort ? ["--short"] : [];
        return new Child("node", [Repo.At("tests", "fleet", "run.mjs"), "--bench", .. form]);
    }
}
