using System.Diagnostics;

namespace Klock.Tidy.Tests.Files;

/// <summary>The files of this checkout that git tracks, as they are on disk now.</summary>
internal static class Checkout
{
    private static readonly Lazy<IReadOnlyList<TextFile>> _files = new(Read);

    /// <summary>Every tracked file that is there; never empty.</summary>
    public static IReadOnlyList<TextFile> Files => _files.Value;

    private static List<TextFile> Read()
    {
        string top = Top();
        List<TextFile> files = [];
        foreach (string path in Git(top).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            string full = Path.Combine(top, path);
            if (File.Exists(full))
            {
                files.Add(new TextFile(path, File.ReadAllText(full)));
            }
        }

        return files.Count > 0 ? files : throw new InvalidOperationException("git ls-files lists nothing.");
    }

    private static string Git(string top)
    {
        // safe.directory: on a build server the checkout may belong to another user than the one who tests it.
        ProcessStartInfo start = new("git", ["-c", "safe.directory=*", "ls-files", "-z"])
        {
            WorkingDirectory = top,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}.");
    }

    private static string Top()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Klock.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No Klock.sln above the test program.");
    }
}
