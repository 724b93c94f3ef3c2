using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build.Making;

/// <summary>
/// A copy of a source folder in artifacts/, beside the npm packages that work on it: they must not lie about in a source folder.
/// </summary>
internal static class WorkFolder
{
    private const string Packages = "node_modules";

    /// <summary>Makes the folder hold what the source folder holds, and the packages that it has.</summary>
    public static void Fill(string folder, string source)
    {
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.EnumerateFileSystemEntries(folder).Where(entry => Path.GetFileName(entry) != Packages))
        {
            if (Directory.Exists(old))
            {
                Directory.Delete(old, recursive: true);
            }
            else
            {
                File.Delete(old);
            }
        }

        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Installs the packages of the folder's lock file, and runs none of their scripts.</summary>
    /// <exception cref="BuildFailure">With <see cref="BuildFailure.NotRight"/>: npm cannot bring them.</exception>
    public static async Task BringPackagesAsync(string step, string folder, CancellationToken cancel)
    {
        // On Windows it is npm.cmd, which is found only by its whole name.
        string program = Tools.FindOnPath("npm") ?? "npm";
        Child npm = new(program, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error")
        {
            Folder = folder,
        };
        try
        {
            await Step.RunAsync(step, cancel, npm);
        }
        catch (BuildFailure failure)
        {
            throw new BuildFailure(failure.Message, BuildFailure.NotRight);
        }
    }
}
