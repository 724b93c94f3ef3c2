using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>A repository with Klock's git hooks, in which Claude's hooks see what agents do, and git is run by agents and people.</summary>
internal sealed class GitPlace : IDisposable
{
    public GitPlace(bool installs = true)
    {
        Place = Place.InGit();
        Place.Environment["KLOCK_WAIT"] = "0s";
        Place.Environment["KLOCK_IDLE"] = "0s";
        foreach (string name in new[] { "CLAUDE_CODE_SESSION_ID", "CODEX_SESSION_ID", "QWEN_CODE_SESSION_ID", "GEMINI_SESSION_ID",
            "COPILOT_AGENT_SESSION_ID", "CLAUDE_PID" })
        {
            Place.Environment[name] = null;
        }

        Place.Git("config", "user.name", "t");
        Place.Git("config", "user.email", "t@example.org");
        Put("a.txt", "one\n");
        Put("b.txt", "one\n");
        Place.Git("add", "-A");
        Place.Git("commit", "-q", "-m", "first");
        if (installs)
        {
            Place.Klock("install", "git").Well();
        }
    }

    public Place Place { get; }

    public string Hook => Place.At(".git", "hooks", "pre-commit");

    public void Dispose() => Place.Dispose();

    public void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place.At(name))!);
        File.WriteAllText(Place.At(name), text);
    }

    /// <summary>An agent edits a file: before, the edit, after.</summary>
    public void Change(string agent, string name, string text)
    {
        Hold(agent, name);
        Put(name, text);
        Place.KlockWith(HookCall.Event(Place, "Edit", Place.At(name), agent), "hook", "claude", "PostToolUse").Well();
    }

    /// <summary>An agent is in the midst of an edit.</summary>
    public void Hold(string agent, string name) => Assert.Null(HookCall.Blocks(HookCall.Tool(Place, "Edit", Place.At(name), agent)));

    /// <summary>Runs git in an agent's shell; null for a person's.</summary>
    public Ran Git(string? agent, params string[] arguments) => Shell(agent, "exec git \"$@\"", arguments);

    /// <summary>Runs a line of a shell, in an agent's or a person's.</summary>
    public Ran Shell(string? agent, string line, params string[] arguments)
    {
        using Running shell = Start(agent, line, arguments);
        return shell.End();
    }

    /// <summary>Starts a line of a shell.</summary>
    public Running Start(string? agent, string line, params string[] arguments)
    {
        Place.Environment["CLAUDE_CODE_SESSION_ID"] = agent;
        Running shell = Place.StartOther("sh", ["-c", line, "sh", .. arguments]);
        Place.Environment["CLAUDE_CODE_SESSION_ID"] = null;
        return shell;
    }

    /// <summary>How many commits there are.</summary>
    public int Commits() => Git(null, "rev-list", "HEAD").Well().Rows.Length;

    /// <summary>The names of the files of the last commit.</summary>
    public string[] Committed() => Git(null, "show", "--format=", "--name-only", "-z", "HEAD").Well().Out
        .Split('\0', '\n').Where(name => name.Length > 0).ToArray();
}
