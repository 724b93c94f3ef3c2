using System.Security.Cryptography;
using System.Text;
using Klock.Build.Making;
using Klock.Build.Running;

namespace Klock.Build.Releasing;

/// <summary>dist/machines: all files of a release, for every machine that is built here, and SHA256SUMS over them.</summary>
internal static class ReleaseFiles
{
    private const string Sums = "SHA256SUMS";

    private static readonly string[] _parts = ["include", "lib/pkgconfig", "lib/cmake", "share", "npm", "python"];

    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(Repo.Dist, "machines");

    private static string Installer => Repo.At("install.sh");

    /// <summary>Makes them anew when something that goes into them has changed.</summary>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        Stamp stamp = new("machines", [.. Inputs()], Made);
        if (stamp.IsFresh())
        {
            Step.UpToDate("machines");
            return;
        }

        await Step.RunAsync("machines", log => PackAsync(log, cancel));
        stamp.Record();
    }

    private static IEnumerable<string> Inputs() =>
    [
        .. Machine.Built.SelectMany(machine => (string[])[.. machine.Binaries, .. machine.Licences]),
        .. _parts.Select(part => Path.Combine(Repo.Dist, part)),
        Repo.At("bindings"), Repo.At("packaging"), Repo.At("build"), Repo.At("Directory.Build.props"), Installer,
    ];

    private static async Task PackAsync(TextWriter log, CancellationToken cancel)
    {
        Renew(Folder);
        foreach (Machine machine in Machine.Built)
        {
            await Package.WriteAsync(machine, Folder, cancel);
            if (machine.IsLinux)
            {
                await PackWheelAsync(machine, log, cancel);
                await NpmPackages.PackForAsync(machine, Folder, log, cancel);
            }
        }

        File.Copy(Installer, Path.Combine(Folder, Path.GetFileName(Installer)));
        await HomebrewFormula.WriteAsync(Folder, cancel);
        await File.WriteAllTextAsync(Path.Combine(Folder, Sums), SumsOf(Made()), cancel);
    }

    // The script that makes wheels removes others from the folder it writes to.
    private static async Task PackWheelAsync(Machine machine, TextWriter log, CancellationToken cancel)
    {
        string folder = Path.Combine(machine.Staging, "python");
        Renew(folder);
        await Step.RunOneAsync("machines", log, PythonWheel.Maker(machine, folder), cancel);
        foreach (string wheel in Directory.GetFiles(folder, "*.whl"))
        {
            File.Copy(wheel, Path.Combine(Folder, Path.GetFileName(wheel)), overwrite: true);
        }
    }

    private static string SumsOf(string[] files)
    {
        StringBuilder sums = new();
        foreach (string file in files.Where(file => Path.GetFileName(file) != Sums).Order(StringComparer.Ordinal))
        {
            sums.Append(Sha256Of(file)).Append("  ").Append(Path.GetFileName(file)).Append('\n');
        }

        return sums.ToString();
    }

    internal static string Sha256Of(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string[] Made() => Directory.Exists(Folder) ? Directory.GetFiles(Folder) : [];

    private static void Renew(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }
}
