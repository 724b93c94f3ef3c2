namespace Klock.Agents.Tests.Policy;

/// <summary>Shell commands: what they say that they write is leased; what they overwrite besides comes back.</summary>
public sealed class ShellTests : IDisposable
{
    private readonly World _world = new();

    public ShellTests()
    {
        _world.Put("a.txt", "x");
        _world.Put("b.txt", "x");
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("sed -i s/x/y/ a.txt", "MUTATES FILE:a.txt")]
    [InlineData("echo y > n.txt", "PROVIDES FILE:n.txt")]
    [InlineData("echo y | tee a.txt > /dev/null", "MUTATES FILE:a.txt")]
    [InlineData("rm a.txt", "DELETES FILE:a.txt")]
    [InlineData("mv a.txt n.txt", "PROVIDES FILE:n.txt", "RENAMES FILE:a.txt")]
    [InlineData("cp a.txt b.txt", "MUTATES FILE:b.txt")]
    [InlineData("git commit -m x", "MUTATES CUSTOM:git:index")]
    [InlineData("git add a.txt", "MUTATES CUSTOM:git:index")]
    [InlineData("git stash", "MUTATES CUSTOM:git:index", "MUTATES FILE:**")]
    [InlineData("git reset --hard", "MUTATES CUSTOM:git:index", "MUTATES FILE:**")]
    [InlineData("cat a.txt")]
    [InlineData("git status")]
    [InlineData("$UNKNOWN && make all")]
    [InlineData("'unbalanced")]
    [InlineData("")]
    public void WhatACommandSaysIsLeased(string command, params string[] held)
    {
        Agent one = _world.Agent();
        Assert.Null(one.Shell(command).Reason);
        Assert.Equal(held.Select(each => $"{one.Id} {each}"), _world.Held());
    }

    [Theory]
    [InlineData("git checkout .", false)]
    [InlineData("git checkout main", false)]
    [InlineData("git clean -fd", false)]
    [InlineData("sed -i s/x/y/ a.txt", false)]
    [InlineData("sed -i s/x/y/ b.txt", true)]
    [InlineData("cat a.txt", true)]
    public void WhatAnotherOneEditsIsRefused(string command, bool isAllowed)
    {
        Agent one = _world.Agent(), other = _world.Agent();
        one.Edit("a.txt");
        Assert.Equal(isAllowed, !other.Shell(command).Blocks);
    }

    [Fact]
    public void ACommandHasAFolderOfItsOwn()
    {
        Agent one = _world.Agent();
        Directory.CreateDirectory(_world.At("sub"));
        one.Before("bash", new() { ["command"] = "echo x > b.txt", ["workdir"] = _world.At("sub") });
        Assert.Equal([$"{one.Id} PROVIDES FILE:sub/b.txt"], _world.Held());
    }

    [Fact]
    public void AnEditWaitsForACommandOnTheTree()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        Assert.Null(one.Shell("git stash").Reason);
        Assert.True(other.Edit("a.txt").Blocks);
        one.Done();
        Assert.Null(other.Edit("a.txt").Reason);
    }

    [Fact]
    public void OneCommitsAtATime()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        one.Shell("git commit -am x");
        Assert.Contains("git's index", other.Shell("git commit -m y").Reason, StringComparison.Ordinal);
        one.Done();
        Assert.Null(other.Shell("git commit -m y").Reason);
    }

    [Fact]
    public void ACommandOnVeryManyFilesGetsTheTree()
    {
        Agent one = _world.Agent();
        Assert.Null(one.Shell("touch " + string.Join(' ', Enumerable.Range(0, 101).Select(i => $"n{i}"))).Reason);
        Assert.Equal([$"{one.Id} MUTATES FILE:**"], _world.Held());
    }

    [Fact]
    public void WhatItOverwritesUnsaidIsToldToBothAndComesBack()
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        victim.Change("a.txt", "the victim's\nwork\n");
        Assert.Null(one.Shell("./build.sh").Reason);
        _world.Put("a.txt", "generated");
        string told = one.Done().Context!;
        Assert.Contains("a.txt", told, StringComparison.Ordinal);
        Assert.Contains(victim.Id, told, StringComparison.Ordinal);
        string other = victim.Prompt().Context!;
        Assert.Contains(one.Id, other, StringComparison.Ordinal);
        Assert.Contains("Read it again", other, StringComparison.Ordinal);

        string command = RestoreIn(told);
        Assert.EndsWith(command, other, StringComparison.Ordinal);
        _world.Shell(command);
        Assert.Equal("the victim's\nwork\n", _world.Get("a.txt"));

        // Once.
        Assert.Null(one.Prompt().Context);
        Assert.Null(victim.Prompt().Context);
        Assert.Equal([("shell_overwrites", 1)], _world.Remembered(memory => memory.Counts()).Select(count => (count.Name, count.Count)));
    }

    [Theory]
    [InlineData("it's a name.txt")]
    [InlineData("$(touch evil)`x`.txt")]
    [InlineData("#[id]?.txt")]
    public void TheCommandThatBringsItBackIsQuoted(string name)
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        _world.Put(name, "");
        victim.Change(name, "work");
        one.Shell("make");
        _world.Put(name, "generated");
        string told = one.Done().Context!;
        _world.Shell(RestoreIn(told));
        Assert.Equal("work", _world.Get(name));
        Assert.False(File.Exists(_world.At("evil")));
    }

    [Fact]
    public void AFileThatIsDeletedUnsaidComesBackToo()
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        victim.Change("a.txt", "work");
        one.Shell("make clean");
        File.Delete(_world.At("a.txt"));
        string told = one.Done().Context!;
        _world.Shell(RestoreIn(told));
        Assert.Equal("work", _world.Get("a.txt"));
    }

    [Fact]
    public void WhatItHasALeaseOnItMayChange()
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        victim.Change("a.txt", "work");
        Assert.Null(one.Shell("sed -i s/work/more/ a.txt").Reason);
        _world.Put("a.txt", "more");
        Assert.Null(one.Done().Context);
        Assert.Null(victim.Prompt().Context);
        Assert.Equal(one.Id, _world.Remembered(memory => memory.FindWriter("FILE:a.txt"))!.Agent);
    }

    // The victim went on by itself while the command ran.
    [Fact]
    public void WhatItsOwnAgentChangedMeanwhileIsNobodysFault()
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        victim.Change("a.txt", "work");
        one.Shell("make");
        victim.Change("a.txt", "more work");
        Assert.Null(one.Done().Context);
        Assert.Null(victim.Prompt().Context);
    }

    [Fact]
    public void WhatDidNotChangeIsNotTold()
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        victim.Change("a.txt", "work");
        one.Shell("make");
        Assert.Null(one.Done().Context);
        Assert.Empty(_world.Remembered(memory => memory.RescueCalls(one.Id)));
    }

    // No event ends such a command: it is looked at when the next tool begins.
    [Fact]
    public void ACommandWithoutAnEndIsLookedAtBeforeTheNextTool()
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        victim.Change("a.txt", "work");
        one.Shell("make");
        _world.Put("a.txt", "generated");
        Assert.Contains("a.txt", one.Edit("b.txt").Context, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAShellOverwroteMustBeReadAgain()
    {
        Agent victim = _world.Agent(), one = _world.Agent();
        victim.Change("a.txt", "work");
        victim.Read("a.txt");
        one.Shell("make");
        _world.Put("a.txt", "generated");
        one.Done();
        Assert.True(victim.Write("a.txt").Blocks);
    }

    [Fact]
    public void ACommandsLimitIsBounded()
    {
        Agent one = _world.Agent();
        foreach (string limit in new[] { "9000000000000000000", "-5", "0", "1e300", "null" })
        {
            var input = System.Text.Json.JsonElement.Parse($$"""{"command":"rm a.txt","timeout":{{limit}}}""");
            Agents.Events.ToolUse tool = Agents.Clients.Tools.Read("Bash", "c", input);
            Assert.Null(one.Tell(Agents.Events.AgentEventKind.BeforeTool, tool).Reason);
            Assert.Single(_world.Held());
        }
    }

    private static string RestoreIn(string message)
    {
        const string Before = "comes back with: ";
        return message[(message.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..];
    }
}
