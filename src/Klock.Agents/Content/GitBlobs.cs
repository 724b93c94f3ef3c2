using System.Diagnostics;

namespace Klock.Agents.Content;

/// <summary>Keeps copies of files as git objects, which git itself removes when nobody has needed them for some weeks.</summary>
internal static class GitBlobs
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Writes files into a repository. Returns the name of each blob; null for what could not be kept.</summary>
    /// <param name="top">The top of a work tree; null for none, where nothing can be kept.</param>
    /// <param name="paths">The files.</param>
    public static IReadOnlyList<string?> Write(string? top, IReadOnlyList<string> paths)
    {
        string?[] blobs = new string?[paths.Count];

        // A name with a line feed cannot be listed.
        int[] listed = [.. Enumerable.Range(0, paths.Count).Where(i => !paths[i].Contains('\n', StringComparison.Ordinal))];
        if (top is null || listed.Length == 0)
        {
            return blobs;
        }

        try
        {
            var start = new ProcessStartInfo("git", ["-C", top, "hash-object", "-w", "--no-filters", "--stdin-paths"])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process git = Process.Start(start)!;
            foreach (int i in listed)
            {
                git.StandardInput.WriteLine(paths[i]);
            }

            git.StandardInput.Close();
            using Timer limit = new(_ => Kill(git), null, _patience, Timeout.InfiniteTimeSpan);
            string[] names = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();

            // It stops at the first file that it cannot read.
            for (int i = 0; i < names.Length && i < listed.Length; i++)
            {
                blobs[listed[i]] = names[i];
            }
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            // No git: the files are watched all the same, and cannot be restored.
        }

        return blobs;
    }

    private static void Kill(Process git)
    {
        try
        {
            git.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended just now.
        }
    }
}
