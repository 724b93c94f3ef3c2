using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary><c>build</c>: compiles the solution and makes dist/; elsewhere than on Linux, the programs alone.</summary>
internal static class BuildCommand
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        long start = Duration.Start();
        await Tools.RequireForBuildAsync(cancel);
        // First: the server has it in it.
        await Dashboard.MakeAsync(cancel);
        if (Machine.Host.IsLinux)
        {
            await Step.RunAsync("restore", cancel, Dotnet.Restore(Repo.Solution));
            await Step.RunAsync("compile", cancel, Dotnet.Build(Repo.Solution));
            await OtherSystems.CompileAsync(cancel);
            await NativeLibrary.MakeAsync(cancel);
        }

        await Programs.MakeAsync(cancel);
        await ManualPage.MakeAsync(cancel);
        await Plugins.MakeAsync(cancel);
        if (Machine.Host.IsLinux)
        {
            await DevelopmentFiles.CopyAsync();
            await PythonWheel.MakeAsync(cancel);
            await NpmPackages.MakeAsync(cancel);
        }

        Console.WriteLine($"dist/ holds klock {Repo.Version}, made in {Duration.Text(Duration.Since(start))}.");
        return 0;
    }
}
