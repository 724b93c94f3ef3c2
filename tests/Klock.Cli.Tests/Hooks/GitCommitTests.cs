using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>Real commits with Klock's hooks: agents' are refused when they take in what is others', people's are warned.</summary>
public sealed class GitCommitTests : IDisposable
{
    private const string Restore = "git restore --staged -- ";

    private readonly GitPlace _repo = new();

    public void Dispose() => _repo.Dispose();

    [Fact]
    public void AddAllThatTakesInASiblingsWorkIsRefusedAndTheLineLeavesItOut()
    {
        _repo.Change("one", "b.txt", "mine\n");
        _repo.Change("two", "a.txt", "theirs\n");
        _repo.Git("one", "add", "-A").Well();
        Ran refused = _repo.Git("one", "commit", "-q", "-m", "mine");
        Assert.Equal(1, refused.Code);
        Assert.Matches("a\\.txt: claude:two changed it at \\d\\d:\\d\\d:\\d\\d", refused.Error);
        Assert.DoesNotContain("b.txt", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, _repo.Commits());

        string line = Line(refused.Error, Restore);
        Assert.Equal($"{Restore}a.txt", line);
        _repo.Shell("one", line).Well();
        _repo.Git("one", "commit", "-q", "-m", "mine").Well();
        Assert.Equal(["b.txt"], _repo.Committed());
        Assert.Equal("theirs\n", File.ReadAllText(_repo.Place.At("a.txt")));
        _repo.Git("two", "commit", "-q", "-a", "-m", "theirs").Well();
    }

    [Fact]
    public void WhatIsHeldIsRefusedWithWhoAndSinceWhen()
    {
        _repo.Hold("two", "a.txt");
        _repo.Put("a.txt", "in between\n");
        Ran refused = _repo.Git("one", "commit", "-q", "-a", "-m", "x");
        Assert.Equal(1, refused.Code);
        Assert.Matches("a\\.txt: claude:two holds it since \\d\\d:\\d\\d:\\d\\d", refused.Error);

        // git made an index for this commit: to restore would change another one.
        Assert.DoesNotContain(Restore, refused.Error, StringComparison.Ordinal);
        _repo.Put("b.txt", "mine\n");
        Assert.Contains("git commit -- b.txt\n", _repo.Git("one", "commit", "-a", "-m", "x").Error, StringComparison.Ordinal);
        _repo.Git("one", "commit", "-q", "-m", "x", "--", "b.txt").Well();
        Assert.Equal(["b.txt"], _repo.Committed());
    }

    // An older one does not know the hook.
    [Theory]
    [InlineData("exit 2")]
    [InlineData("kill -ABRT $$")]
    public void AKlockThatFailsStopsNobodysCommit(string script)
    {
        string hook = _repo.Place.At(".git", "hooks", "pre-commit"), stand = Path.Combine(_repo.Place.Top, "klock");
        File.WriteAllText(stand, $"#!/bin/sh\n{script}\n");
        _repo.Shell(null, $"chmod +x '{stand}'").Well();
        string text = File.ReadAllText(hook);
        string program = text.Split("command -v ")[1].Split(' ')[0];
        File.WriteAllText(hook, text.Replace(program, stand, StringComparison.Ordinal));
        _repo.Put("a.txt", "by hand\n");
        Assert.Equal(0, _repo.Git(null, "commit", "-q", "-a", "-m", "by hand").Code);
    }

    [Fact]
    public void APersonIsWarnedAndTheCommitGoesOn()
    {
        _repo.Change("two", "a.txt", "theirs\n");
        Ran ran = _repo.Git(null, "commit", "-q", "-a", "-m", "by hand");
        Assert.Equal(0, ran.Code);
        Assert.Contains("warning", ran.Error, StringComparison.Ordinal);
        Assert.Contains("a.txt: claude:two changed it", ran.Error, StringComparison.Ordinal);
        Assert.Equal(2, _repo.Commits());
    }

    [Theory]
    [InlineData("KLOCK_HOOKS=off git commit -q -m x")]
    [InlineData("git commit -q --no-verify -m x")]
    [InlineData("printf 'hooks = \"off\"\\n' > .klock.toml && git commit -q -m x")]
    public void ItCanBeTurnedOff(string line)
    {
        _repo.Change("two", "a.txt", "theirs\n");
        _repo.Git("one", "add", "a.txt").Well();
        _repo.Shell("one", line).Well();
        Assert.Equal(2, _repo.Commits());
    }

    [Theory]
    [InlineData("with space.txt")]
    [InlineData("it's $(touch evil) `x`.txt")]
    [InlineData("#[id]?.txt")]
    [InlineData(":(top)x.txt")]
    [InlineData("ü/ñ.txt")]
    [InlineData("-n")]
    public void TheLineIsQuoted(string name)
    {
        _repo.Put("#i1.txt", "matches the pattern");
        _repo.Put(name, "");
        _repo.Change("two", name, "theirs\n");
        _repo.Git("one", "add", "-A").Well();
        _repo.Shell("one", Line(_repo.Git("one", "commit", "-m", "x").Error, Restore)).Well();
        _repo.Git("one", "commit", "-q", "-m", "x").Well();
        Assert.Equal(["#i1.txt"], _repo.Committed());
        Assert.False(File.Exists(_repo.Place.At("evil")));
    }

    [Fact]
    public void TheLineCountsFromTheFolderThatGitWasStartedIn()
    {
        _repo.Change("two", "a.txt", "theirs\n");
        _repo.Put("sub/c.txt", "mine\n");
        _repo.Git("one", "add", "-A").Well();
        string line = Line(_repo.Shell("one", "cd sub && git commit -m x").Error, Restore);
        Assert.Equal($"{Restore}../a.txt", line);
        _repo.Shell("one", $"cd sub && {line} && git commit -q -m x").Well();
        Assert.Equal(["sub/c.txt"], _repo.Committed());
    }

    [Fact]
    public void InARepositoryWithoutACommitTheLineWorksToo()
    {
        _repo.Shell(null, "rm -r .git && git init -q && git config user.name t && git config user.email t@example.org").Well();
        _repo.Place.Klock("install", "git").Well();
        _repo.Change("two", "a.txt", "theirs\n");
        _repo.Git("one", "add", "-A").Well();
        string line = Line(_repo.Git("one", "commit", "-m", "x").Error, "git rm ");
        _repo.Shell("one", line).Well();
        _repo.Git("one", "commit", "-q", "-m", "x").Well();
        Assert.Equal(["b.txt"], _repo.Committed());
    }

    [Fact]
    public void AmendedCommitsAndEmptyOnesAreMade()
    {
        _repo.Change("two", "a.txt", "theirs\n");
        _repo.Change("one", "b.txt", "mine\n");
        _repo.Git("one", "commit", "-q", "-m", "x", "b.txt").Well();
        _repo.Git("one", "commit", "-q", "--amend", "-m", "y").Well();
        _repo.Git("one", "commit", "-q", "--allow-empty", "-m", "z").Well();
        _repo.Git("one", "add", "-A").Well();
        Assert.Equal(1, _repo.Git("one", "commit", "--amend", "-m", "x").Code);
    }

    [Fact]
    public void AnotherWorkTreeHasTheHooksToo()
    {
        _repo.Git(null, "worktree", "add", "-q", "../tree").Well();
        _repo.Change("two", "a.txt", "theirs\n");
        Assert.Equal(1, _repo.Shell("one", "cp a.txt ../tree/ && cd ../tree && git add -A && git commit -m x").Code);
        _repo.Shell("one", "cd ../tree && git checkout -q HEAD a.txt && echo z > b.txt && git commit -q -a -m x").Well();
    }

    // As some shells and IDEs do.
    [Fact]
    public void AGitDirectoryElsewhereIsSaidByTheEnvironment()
    {
        _repo.Change("two", "a.txt", "theirs\n");
        Ran refused = _repo.Shell("one", "cd / && GIT_DIR=\"$1/.git\" GIT_WORK_TREE=\"$1\" git commit -a -m x", _repo.Place.Folder);
        Assert.Equal(1, refused.Code);
        Assert.Contains("a.txt: claude:two", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoeverHoldsTheWholeTreeHoldsEveryFile()
    {
        _repo.Place.Klock("acquire", "--agent", "two", "--session", "two", "--ttl", "60s", "--note", "a rebase", "--file", "**").Well();
        _repo.Put("new\nline.txt", "x");
        _repo.Git("one", "add", "-A").Well();
        Ran refused = _repo.Git("one", "commit", "-m", "x");
        Assert.Equal(1, refused.Code);
        Assert.Contains("new?line.txt: two holds it (a rebase)", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"{Restore}:/\n", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameThatIsNotUtf8IsCommitted()
    {
        _repo.Shell("one", "printf x > \"$(printf 'n\\377.txt')\" && git add -A && git commit -q -m x").Well();
        _repo.Place.Klock("acquire", "--agent", "two", "--session", "two", "--ttl", "60s", "--file", "**").Well();
        Ran refused = _repo.Shell("one", "printf y > \"$(printf 'n\\377.txt')\" && git add -A && git commit -q -m x");
        _repo.Shell(null, "rm n*").Well(); // no name of .NET means it
        Assert.Equal(1, refused.Code);
        Assert.Contains($"{Restore}:/\n", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoOnlyReadsIsInNobodysWay()
    {
        _repo.Place.Klock("acquire", "--agent", "two", "--session", "two", "--ttl", "60s", "--read", "a.txt").Well();
        _repo.Put("a.txt", "mine\n");
        _repo.Git("one", "commit", "-q", "-a", "-m", "x").Well();
    }

    [Fact]
    public void ASymbolIsInItsFile()
    {
        _repo.Place.Klock("acquire", "--agent", "two", "--session", "two", "--ttl", "60s", "--resource", "SYMBOL:a.txt#f").Well();
        _repo.Put("a.txt", "mine\n");
        Assert.Contains("a.txt: two holds it", _repo.Git("one", "commit", "-a", "-m", "x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AStoreThatFailsRefusesAnAgentAndNotAPerson()
    {
        Directory.CreateDirectory(_repo.Place.At(".git", "klock"));
        File.WriteAllText(_repo.Place.At(".git", "klock", "hooks.db"), new string('x', 4096));
        _repo.Put("a.txt", "mine\n");
        _repo.Git("one", "add", "-A").Well();
        Ran refused = _repo.Git("one", "commit", "-m", "x");
        Assert.Equal(1, refused.Code);
        Assert.Matches("^klock: git pre-commit: [^\n]*hooks.db[^\n]*\n$", refused.Error);
        _repo.Place.Environment["KLOCK_ON_FAILURE"] = "allow";
        Ran allowed = _repo.Git("one", "commit", "-q", "-m", "x");
        Assert.Equal(0, allowed.Code);
        Assert.Contains("was not checked", allowed.Error, StringComparison.Ordinal);
        _repo.Place.Environment.Remove("KLOCK_ON_FAILURE");
        _repo.Put("a.txt", "more\n");
        Assert.Equal(0, _repo.Git(null, "commit", "-q", "-a", "-m", "x").Code);
    }

    [Fact]
    public void AnUnknownHookIsAnError() =>
        Assert.Contains("pre-commit", _repo.Place.Klock("hook", "git", "pre-push").Failed(2), StringComparison.Ordinal);

    private static string Line(string error, string start) =>
        error.Split('\n').Single(line => line.TrimStart().StartsWith(start, StringComparison.Ordinal)).Trim();
}
