using System.ComponentModel;
using System.Diagnostics;

namespace Klock.Client.Git;

/// <summary>The name of a repository without an origin: its first commit, which all its clones share.</summary>
internal static class RootCommit
{
    private const int Hash1Digits = 40;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The first commit that the repository's HEAD descends from; of several the lowest as text.</summary>
    /// <param name="common">The git directory that all its work trees share, so that they agree.</param>
    /// <returns>null when there is none, or git does not know. A shallow clone has only a later one, which others do not share.</returns>
    public static string? Of(string common) =>
        File.Exists(Path.Combine(common, "shallow")) ? null
        : Ask(common).Split('\n').Where(line => line.Length >= Hash1Digits && line.All(char.IsAsciiHexDigitLower)).Order().FirstOrDefault();

    private static string Ask(string common)
    {
        var start = new ProcessStartInfo("git", [$"--git-dir={common}", "rev-list", "--max-parents=0", "HEAD"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };

        // The variables that hooks and some shells set would name another repository.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        try
        {
            using Process git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            Task<string> output = git.StandardOutput.ReadToEndAsync();
            if (output.Wait(_patience) && git.WaitForExit(_patience))
            {
                return git.ExitCode == 0 ? output.Result : "";
            }

            git.Kill();
            return "";
        }
        catch (Win32Exception)
        {
            // git is not installed.
            return "";
        }
    }
}
