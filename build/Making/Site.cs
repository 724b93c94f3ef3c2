using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>The documentation as a site in dist/site, which any static server can serve under any path.</summary>
internal static class Site
{
    private const string Name = "site";

    private static readonly string _source = Repo.At("docs-site");
    private static readonly string _work = Repo.At("artifacts", Name);
    private static readonly string _output = Path.Combine(Repo.Dist, Name);

    // Pages link to programs and sources, which become pages too.
    private static readonly string[] _inputs =
    [
        Repo.At("docs"), _source, Repo.At("examples"), Repo.At("bindings"), Repo.At("src"), Repo.At("tests", "behaviour"),
        Repo.At("Directory.Build.props"),
    ];

    /// <summary>Makes it, with the packages of docs-site/package-lock.json, which are in artifacts/site from the first time on.</summary>
    /// <exception cref="BuildFailure">
    /// A page has a broken link or no place in the sidebar; or, with <see cref="BuildFailure.NotRight"/>, npm cannot bring the packages.
    /// </exception>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        await BringPackagesAsync(cancel);
        Stamp stamp = new(Name, _inputs, Made);
        if (stamp.IsFresh())
        {
            Step.UpToDate(Name);
            return;
        }

        WorkFolder.Fill(_work, _source);
        await Step.RunAsync(Name, cancel, new Child("node", "build.mjs", Repo.Top, Repo.Version, _output) { Folder = _work });
        stamp.Record();
    }

    private static async Task BringPackagesAsync(CancellationToken cancel)
    {
        string[] inputs = [Path.Combine(_source, "package.json"), Path.Combine(_source, "package-lock.json")];
        Stamp stamp = new("site-packages", inputs, () => [Path.Combine(_work, "node_modules", ".package-lock.json")]);
        if (stamp.IsFresh())
        {
            return;
        }

        WorkFolder.Fill(_work, _source);
        await WorkFolder.BringPackagesAsync("site-packages", _work, cancel);
        stamp.Record();
    }

    private static string[] Made() =>
        Directory.Exists(_output) ? Directory.GetFiles(_output, "*", SearchOption.AllDirectories) : [];
}
