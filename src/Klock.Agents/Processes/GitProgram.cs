using System.ComponentModel;
using System.Diagnostics;

namespace Klock.Agents.Processes;

/// <summary>What git said.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to stdout: names of files in it need not be UTF-8.</param>
/// <param name="Error">What it wrote to stderr.</param>
internal sealed record GitAnswer(int ExitCode, byte[] Output, string Error);

/// <summary>
/// Runs git to its end. It has the environment of this process, so in a hook the index and the repository that git named.
/// </summary>
internal static class GitProgram
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <summary>Starts git with pipes on all its ends.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static Process Start(string folder, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // It only looks, and must not take a lock for that.
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new IOException($"git cannot be started: {missing.Message}", missing);
        }
    }

    /// <summary>Runs git, which reads nothing.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="IOException">It cannot be started, or does not end.</exception>
    public static GitAnswer Run(string folder, params IReadOnlyList<string> arguments) => RunWith("", folder, arguments);

    /// <summary>Runs git with a text on its stdin.</summary>
    /// <param name="input">The text.</param>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="IOException">It cannot be started, ends before it has read the text, or does not end.</exception>
    public static GitAnswer RunWith(string input, string folder, params IReadOnlyList<string> arguments)
    {
        using Process git = Start(folder, arguments);
        using var output = new MemoryStream();
        Task copied = git.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> error = git.StandardError.ReadToEndAsync();
        git.StandardInput.Write(input);
        git.StandardInput.Close();
        if (!Task.WaitAll([copied, error], _patience) || !git.WaitForExit(_patience))
        {
            git.Kill();
            throw new IOException($"git {arguments[0]} did not end within {_patience.TotalSeconds} s");
        }

        return new GitAnswer(git.ExitCode, output.ToArray(), error.Result.Trim());
    }

    /// <summary>Runs git, which must end well. Returns what it wrote to stdout.</summary>
    /// <exception cref="IOException">It cannot be started, or fails.</exception>
    public static byte[] Ask(string folder, params IReadOnlyList<string> arguments)
    {
        GitAnswer answer = Run(folder, arguments);
        return answer.ExitCode == 0 ? answer.Output
            : throw new IOException($"git {arguments[0]} failed: {answer.Error.Split('\n')[0]}");
    }
}
