using System.Text;
using Klock.Agents.Processes;

namespace Klock.Agents.Install.GitHooks;

/// <summary>The folder in which git looks for the hooks of a work tree.</summary>
internal static class HooksFolder
{
    /// <summary>The folder: <c>core.hooksPath</c>, else that of the repository, which all its work trees share.</summary>
    /// <param name="folder">A folder in the work tree.</param>
    /// <exception cref="InstallException">There is none, or its hooks would run in other repositories too.</exception>
    public static string Of(string folder)
    {
        if (Ask(folder, "rev-parse", "--is-bare-repository") is not { } isBare)
        {
            throw new InstallException($"{folder} is in no git repository, so there are no git hooks to install.");
        }

        if (isBare == "true")
        {
            throw new InstallException(
                $"{folder} is a bare repository: nobody commits in it. Install the hooks in a work tree or a clone.");
        }

        string top = Ask(folder, "rev-parse", "--show-toplevel")
            ?? throw new InstallException($"{folder} is in a git directory, and not in a work tree: go there first.");
        string hooks = Path.GetFullPath(Path.Combine(top, Ask(top, "rev-parse", "--git-path", "hooks") ?? ".git/hooks"));
        string[] setting = (Ask(top, "config", "--show-scope", "--get", "core.hooksPath") ?? "").Split('\t');
        return setting is ["global" or "system", ['/' or '~', ..]]
            ? throw new InstallException(
                $"{hooks} is left as it is: core.hooksPath of your own git settings leads there, and its hooks run in all your "
                + "repositories. For this one alone: git config core.hooksPath .git/hooks")
            : hooks;
    }

    /// <summary>Whether a work tree is around a folder, and git is there to ask.</summary>
    public static bool IsThere(string folder)
    {
        try
        {
            return Ask(folder, "rev-parse", "--is-inside-work-tree") == "true";
        }
        catch (InstallException)
        {
            return false;
        }
    }

    private static string? Ask(string folder, params string[] arguments)
    {
        try
        {
            GitAnswer answer = GitProgram.Run(folder, arguments);
            return answer.ExitCode == 0 ? Encoding.UTF8.GetString(answer.Output).TrimEnd('\n') : null;
        }
        catch (IOException missing)
        {
            throw new InstallException($"{missing.Message.TrimEnd('.')}, so where its hooks are is not known.");
        }
    }
}
