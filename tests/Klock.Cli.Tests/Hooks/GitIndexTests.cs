using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>git's index is leased while a commit runs: <c>CUSTOM:git:index</c>, as it is for shell commands.</summary>
public sealed class GitIndexTests : IDisposable
{
    private const string Index = "CUSTOM:git:index";
    private const int Kill = 9;

    private readonly GitPlace _repo = new();

    public void Dispose() => _repo.Dispose();

    [Fact]
    public void ItIsHeldWhileTheCommitRunsAndFreeAfterIt()
    {
        Late("commit-msg", "klock leases > ../seen");
        _repo.Put("a.txt", "mine\n");
        _repo.Git("one", "commit", "-q", "-a", "-m", "x").Well();
        Assert.Contains(Index, File.ReadAllText(Path.Combine(_repo.Place.Top, "seen")), StringComparison.Ordinal);
        Assert.Contains("claude:one", File.ReadAllText(Path.Combine(_repo.Place.Top, "seen")), StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    [Fact]
    public void ACommitThatFailsLaterLeavesNothing()
    {
        Late("commit-msg", "exit 1");
        _repo.Put("a.txt", "mine\n");
        Assert.Equal(1, _repo.Git("one", "commit", "-q", "-a", "-m", "x").Code);
        Assert.Empty(Leases());
    }

    [Fact]
    public void NorDoesOneThatIsKilled()
    {
        Late("commit-msg", "touch ../there; sleep 60");
        _repo.Put("a.txt", "mine\n");
        using Running git = _repo.Start("one", "exec git commit -q -a -m x");
        Running.Until(() => File.Exists(Path.Combine(_repo.Place.Top, "there")), "the commit runs");
        Assert.Single(Leases());
        git.Signal(Kill);
        Running.Until(() => Leases().Length == 0, "the index is free");
    }

    [Fact]
    public void ACommitWaitsForWhoHasTheIndex()
    {
        _repo.Place.Environment["KLOCK_WAIT"] = "30s";
        using Running holder = Hold("read _");
        _repo.Put("a.txt", "mine\n");
        _repo.Git("one", "add", "-A").Well();
        using Running commit = _repo.Start("one", "exec git commit -q -m x");
        Running.Until(() => Waits(), "the commit waits");
        Assert.Equal(1, _repo.Commits());
        holder.End("\n");
        commit.End().Well();
        Assert.Equal(2, _repo.Commits());
        Assert.Empty(Leases());
    }

    [Fact]
    public void ItIsRefusedWhenTheTimeIsUp()
    {
        using Running holder = Hold("read _");
        _repo.Put("a.txt", "mine\n");
        _repo.Git("one", "add", "-A").Well();
        Ran refused = _repo.Git("one", "commit", "-m", "x");
        Assert.Equal(1, refused.Code);
        Assert.Matches("^klock: [^\n]*git's index is in use by somebody[^\n]*\n$", refused.Error);

        // A person does not wait; nor does git when it has locked the index itself.
        _repo.Git(null, "commit", "-q", "-m", "x").Well();
        _repo.Put("a.txt", "more\n");
        _repo.Git("one", "commit", "-q", "-a", "-m", "x").Well();
        Assert.Equal(3, _repo.Commits());
        holder.End("\n");
    }

    // git would not add to a commit that is not the last one any more.
    [Fact]
    public void ACommitThatWasOvertakenWhileItWaitedIsMadeAgain()
    {
        _repo.Place.Environment["KLOCK_WAIT"] = "30s";
        using Running holder = Hold("read _");
        _repo.Put("a.txt", "mine\n");
        _repo.Git("one", "add", "-A").Well();
        using Running commit = _repo.Start("one", "exec git commit -q -m x");
        Running.Until(() => Waits(), "the commit waits");
        _repo.Shell(null, "git update-ref HEAD \"$(git commit-tree -p HEAD -m overtakes 'HEAD^{tree}')\"").Well();
        holder.End("\n");
        Assert.Contains("Commit again", commit.End().Error, StringComparison.Ordinal);
        _repo.Git("one", "commit", "-q", "-m", "x").Well();
        Assert.Equal(3, _repo.Commits());
    }

    // The shell's own hook has the index for this very command, under the same name, or under that of a subagent.
    [Theory]
    [InlineData(null)]
    [InlineData("sub")]
    public void WhatItsOwnShellCommandHasIsInNobodysWay(string? subagent)
    {
        _repo.Put("a.txt", "mine\n");
        string command = JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["session_id"] = "one", ["agent_id"] = subagent, ["cwd"] = _repo.Place.Folder, ["tool_name"] = "Bash", ["tool_use_id"] = "c",
            ["tool_input"] = new Dictionary<string, string> { ["command"] = "git commit -a -m x" },
        });
        Assert.Null(HookCall.Blocks(_repo.Place.KlockWith(command, "hook", "claude", "PreToolUse")));
        _repo.Git("one", "add", "-A").Well();
        Late("commit-msg", "klock leases > ../seen");
        _repo.Git("one", "commit", "-q", "-m", "x").Well();
        Assert.Single(File.ReadAllLines(Path.Combine(_repo.Place.Top, "seen")));
        Assert.Single(Leases());
        _repo.Place.KlockWith(command, "hook", "claude", "PostToolUse").Well();
        Assert.Empty(Leases());
    }

    // Whoever is idle need not be waited for.
    [Fact]
    public void AnIdleLeaseOnItEndsAtOnce()
    {
        _repo.Place.Environment["KLOCK_IDLE"] = "600s";
        string command = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["session_id"] = "two", ["cwd"] = _repo.Place.Folder, ["tool_name"] = "Bash", ["tool_use_id"] = "c",
            ["tool_input"] = new Dictionary<string, string> { ["command"] = "git add ." },
        });
        Assert.Null(HookCall.Blocks(_repo.Place.KlockWith(command, "hook", "claude", "PreToolUse")));
        _repo.Place.KlockWith(command, "hook", "claude", "PostToolUse").Well();
        Assert.Single(Leases());
        _repo.Put("a.txt", "mine\n");
        _repo.Git("one", "add", "-A").Well();
        _repo.Git("one", "commit", "-q", "-m", "x").Well();
    }

    // Each as its client does it: the hook, the command, the hook. None of git's commands finds the index locked.
    [Fact]
    public void ManyAgentsCommitAtOnceAndWaitForEachOther()
    {
        _repo.Place.Environment["KLOCK_WAIT"] = "30s";
        const string Loop = """
            event() {
              printf '{"session_id":"%s","cwd":"%s","tool_name":"Bash","tool_use_id":"%s",' "$CLAUDE_CODE_SESSION_ID" "$PWD" "$i"
              printf '"tool_input":{"command":"git add . && git commit -m x"}}'
            }
            for i in 1 2; do
              echo "$i" >> "$1.txt"
              case $(event | klock hook claude PreToolUse) in *block*) exit 9;; esac
              git add "$1.txt" && git commit -q -m "$1 $i" || exit 8
              event | klock hook claude PostToolUse
            done
            """;
        Running[] agents = [.. Enumerable.Range(1, 3).Select(i => _repo.Start($"agent{i}", Loop, $"{i}"))];
        foreach (Running agent in agents)
        {
            using (agent)
            {
                agent.End().Well();
            }
        }

        Assert.Equal(7, _repo.Commits());
    }

    private string[][] Leases() => _repo.Place.Klock("leases").Well().Rows;

    private bool Waits() =>
        _repo.Place.Klock("status", "--json").Well().Json.GetProperty("data").GetProperty("waiters").GetArrayLength() > 0;

    private Running Hold(string command)
    {
        Running holder = _repo.Place.Start("run", "--agent", "somebody", "--resource", Index, "--", "sh", "-c", $"echo held; {command}");
        Assert.Equal("held", holder.Output.ReadLine());
        return holder;
    }

    private void Late(string hook, string line)
    {
        string path = _repo.Place.At(".git", "hooks", hook);
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        _repo.Shell(null, "chmod +x \"$1\"", path).Well();
    }
}
