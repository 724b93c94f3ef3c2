using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>The page that <c>klock serve</c> shows, in artifacts/dashboard; the build of the server puts it into the program.</summary>
internal static class Dashboard
{
    private const string Name = "dashboard";

    private static readonly string _source = Repo.At(Name);
    private static readonly string _work = Repo.At("artifacts", "dashboard-work");

    /// <summary>The files of the page.</summary>
    public static string Output { get; } = Repo.At("artifacts", Name);

    /// <summary>
    /// Makes it, with the packages of dashboard/package-lock.json, which are in artifacts/dashboard-work from the first time on.
    /// </summary>
    /// <exception cref="BuildFailure">
    /// It is not right by its types, or does not build; or, with <see cref="BuildFailure.NotRight"/>, npm cannot bring the packages.
    /// </exception>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        await BringPackagesAsync(cancel);
        Stamp stamp = new(Name, [_source], Made);
        if (stamp.IsFresh())
        {
            Step.UpToDate(Name);
            return;
        }

        WorkFolder.Fill(_work, _source);
        await Step.RunAsync(
            Name, cancel, Local("typescript", "bin/tsc"), Local("vite", "bin/vite.js", "build", "--outDir", Output, "--emptyOutDir"));
        stamp.Record();
    }

    // With those that the tests need.
    private static async Task BringPackagesAsync(CancellationToken cancel)
    {
        string[] inputs = [Path.Combine(_source, "package.json"), Path.Combine(_source, "package-lock.json")];
        Stamp stamp = new("dashboard-packages", inputs, () => [Path.Combine(_work, "node_modules", ".package-lock.json")]);
        if (stamp.IsFresh())
        {
            return;
        }

        WorkFolder.Fill(_work, _source);
        await WorkFolder.BringPackagesAsync("dashboard-packages", _work, cancel);
        stamp.Record();
    }

    private static Child Local(string package, string program, params string[] arguments) =>
        new("node", [Path.Combine("node_modules", package, program), .. arguments]) { Folder = _work };

    private static string[] Made() => Directory.Exists(Output) ? Directory.GetFiles(Output, "*", SearchOption.AllDirectories) : [];
}
