using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>Compiles src/ for Windows and macOS, as src/OtherSystems.proj says. Nothing of it is shipped.</summary>
internal static class OtherSystems
{
    private static readonly string _project = Repo.At("src", "OtherSystems.proj");

    private static readonly string[] _systems = ["win-x64", "osx-arm64"];

    private static readonly string[] _inputs =
    [
        Repo.At("src"), Repo.At("global.json"), Repo.At("Directory.Build.props"), Repo.At("Directory.Build.targets"),
        Repo.At("Directory.Packages.props"),
    ];

    /// <summary>Compiles it when it has changed.</summary>
    /// <exception cref="BuildFailure">Something does not compile.</exception>
    public static async Task CompileAsync(CancellationToken cancel)
    {
        Stamp stamp = new("other-systems", _inputs, Programs);
        if (stamp.IsFresh())
        {
            Step.UpToDate("other-systems");
            return;
        }

        await Step.RunAsync("other-systems", cancel, new Child("dotnet", "msbuild", _project, "-m", "-nologo", "-v:quiet"));
        stamp.Record();
    }

    private static string[] Programs()
    {
        string folder = Repo.At("artifacts", "machines");
        return !Directory.Exists(folder) ? [] :
        [
            .. _systems.Select(system => Path.Combine(folder, system, "bin")).Where(Directory.Exists)
                .SelectMany(bin => Directory.GetFiles(bin, "klock*.dll", SearchOption.AllDirectories)),
        ];
    }
}
