using Klock.Build.Running;

namespace Klock.Build.Making;

/// <summary>The npm packages in dist/npm: the JavaScript, and one package for each platform with what is native.</summary>
internal static class NpmPackages
{
    private static readonly string _folder = Path.Combine(Repo.Dist, "npm");
    private static readonly string _source = Repo.At("bindings", "node");
    private static readonly string _staging = Repo.At("artifacts", "npm");

    // What a package holds beside its own folder, and under which name.
    private static readonly (string Package, (string From, string Name)[] Files)[] _packages =
    [
        ("core", [(Repo.At("LICENSE"), "LICENSE")]),
        (Machine.Host.Name, Native(Machine.Host)),
    ];

    /// <summary>Makes dist/npm/klock-protocol-core-VERSION.tgz and one for the platform, and leaves no older ones beside them.</summary>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        Stamp stamp = new("npm", [_source, .. _packages.SelectMany(package => package.Files).Select(file => file.From)], Made);
        if (stamp.IsFresh())
        {
            Step.UpToDate("npm");
            return;
        }

        Renew(_folder);
        Renew(_staging);
        string[] staged = [.. _packages.Select(package => Stage(_staging, package.Package, package.Files))];
        await Step.RunAsync("npm", cancel, Pack(_folder, staged));
        if (Made().Length != _packages.Length)
        {
            throw new BuildFailure($"[npm] made {Made().Length} packages in dist/npm where {_packages.Length} were expected.");
        }

        stamp.Record();
    }

    /// <summary>Makes the package of a machine's platform, and the one for all of them, in a folder.</summary>
    public static async Task PackForAsync(Machine machine, string folder, TextWriter log, CancellationToken cancel)
    {
        string staging = Path.Combine(machine.Staging, "npm");
        Renew(staging);
        string[] staged = [Stage(staging, "core", _packages[0].Files), Stage(staging, machine.Name, Native(machine))];
        await Step.RunOneAsync("machines", log, Pack(folder, staged), cancel);
    }

    private static (string From, string Name)[] Native(Machine machine) =>
    [
        .. machine.Licences.Select(licence => (licence, Path.GetFileName(licence))),
        (machine.Library, Path.GetFileName(machine.Library)),
        .. machine.Programs.Select(program => (program, "bin/" + Path.GetFileName(program))),
    ];

    private static Child Pack(string folder, string[] staged) =>
        new("npm", ["pack", "--pack-destination", folder, "--loglevel=error", .. staged]);

    private static string Stage(string staging, string package, (string From, string Name)[] files)
    {
        string target = Path.Combine(staging, package);
        string source = Path.Combine(_source, package);
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(target, Path.GetRelativePath(source, file)));
        }

        foreach ((string from, string name) in files)
        {
            Copy(from, Path.Combine(target, name));
        }

        return target;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    private static void Renew(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }

    private static string[] Made() => Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.tgz") : [];
}
