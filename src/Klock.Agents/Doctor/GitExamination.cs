using Klock.Agents.Install;
using Klock.Agents.Install.GitHooks;
using Klock.Agents.Processes;

namespace Klock.Agents.Doctor;

/// <summary>What was found about the git hooks of a repository.</summary>
/// <param name="Where">git's folder of hooks; null when they are not installed.</param>
/// <param name="Problem">Why commits are not checked; null when they are.</param>
/// <param name="HookMs">How long a commit takes with them, in ms; null when none was made.</param>
internal sealed record GitFinding(string? Where, string? Problem, double? HookMs);

/// <summary>
/// Examines whether the commits in a work tree are checked: Klock's lines of the very hook that git runs, in a repository that is there for
/// nothing else, must refuse a commit of what another agent holds.
/// </summary>
internal static class GitExamination
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    // The hook finds the scratch repository and its store by itself.
    private static readonly Dictionary<string, string?> _variables = new()
    {
        ["KLOCK_WAIT"] = "0s", ["KLOCK_HOOKS"] = null, ["KLOCK_ON_FAILURE"] = null, ["KLOCK_STORAGE"] = null, ["KLOCK_SERVER"] = null,
        ["KLOCK_SOCKET"] = null, ["KLOCK_AGENT_ID"] = "doctor-2", ["KLOCK_SESSION_ID"] = "doctor-2", ["GIT_DIR"] = null,
        ["GIT_WORK_TREE"] = null, ["GIT_INDEX_FILE"] = null,
    };

    /// <summary>Examines; null outside of work trees.</summary>
    /// <param name="project">The work tree.</param>
    public static GitFinding? Run(InstallScope project)
    {
        try
        {
            if (!HooksFolder.IsThere(project.Folder))
            {
                return null;
            }

            string folder = HooksFolder.Of(project.Folder);
            return new GitHookFile(folder, GitHookInstaller.BeforeCommit).Block() is { } block ? Prove(folder, block)
                : new GitFinding(null, "its hooks are not installed: klock install git", null);
        }
        catch (InstallException problem)
        {
            return new GitFinding(null, problem.Message, null);
        }
    }

    private static GitFinding Prove(string folder, string block)
    {
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("klock-doctor-");
        try
        {
            string top = scratch.FullName;
            string program = GitHookText.CommandIn(block).Split(" hook git ")[0];
            GitProgram.Ask(top, "init", "--quiet", "--template=", top);
            Directory.CreateDirectory(Path.Combine(top, ".git", "hooks"));
            File.WriteAllText(Path.Combine(top, "proof.txt"), "one\n");
            string hook = Path.Combine(top, ".git", "hooks", GitHookInstaller.BeforeCommit);
            File.WriteAllBytes(hook, GitHookText.Bytes($"#!/bin/sh\n{block}"));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            RunResult held = Shell($"{program} acquire --agent doctor-1 --session doctor-1 --ttl 60s --file proof.txt --json");
            RunResult refused = Commit();
            RunResult released = Shell($"{program} release --all --agent doctor-1 --session doctor-1");
            RunResult made = Commit();
            string? problem = held.ExitCode != 0 || released.ExitCode != 0 ? $"klock does not work: {Said(held)}"
                : refused.ExitCode == 0 ? $"the hook lets a commit through of what another agent holds: {Said(refused)}"
                : made.ExitCode != 0 ? $"the hook refuses every commit: {Said(made)}"
                : null;
            return new GitFinding(folder, problem, problem is null ? made.Time.TotalMilliseconds : null);

            RunResult Shell(string command) => Runner.Run("/bin/sh", ["-c", command], top, "", _variables, _limit);

            RunResult Commit() => Shell("git add proof.txt && git -c core.hooksPath=.git/hooks -c user.name=klock"
                + " -c user.email=klock@localhost -c commit.gpgSign=false commit -q -m proof");
        }
        catch (IOException problem)
        {
            return new GitFinding(folder, problem.Message, null);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static string Said(RunResult result)
    {
        string text = result.Error.Trim() is { Length: > 0 } error ? error : result.Output.Trim();
        return text.Length == 0 ? $"exit code {result.ExitCode}" : text.Split('\n')[0];
    }
}
