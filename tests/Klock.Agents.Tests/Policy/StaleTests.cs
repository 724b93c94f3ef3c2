using Klock.Agents.Events;

namespace Klock.Agents.Tests.Policy;

/// <summary>Nobody replaces a file's content without having seen it.</summary>
public sealed class StaleTests : IDisposable
{
    private readonly World _world = new();
    private readonly Agent _one, _other;

    public StaleTests()
    {
        _world.Put("a.txt", "first");
        _one = _world.Agent();
        _other = _world.Agent();
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void WhatAnotherAgentWroteSinceIsReadAgain()
    {
        _one.Read("a.txt");
        _other.Change("a.txt", "second");
        string reason = _one.Write("a.txt").Reason!;
        Assert.Contains("a.txt", reason, StringComparison.Ordinal);
        Assert.Contains(_other.Id, reason, StringComparison.Ordinal);
        Assert.Matches(@"at \d\d:\d\d:\d\d", reason);
        Assert.Contains("Read the file again", reason, StringComparison.Ordinal);
        Assert.Empty(_world.Held());

        _one.Read("a.txt");
        Assert.Null(_one.Write("a.txt").Reason);
    }

    [Fact]
    public void WhatAPersonWroteSinceIsReadAgain()
    {
        _one.Read("a.txt");
        _world.Put("a.txt", "by hand");
        Assert.Contains("somebody else", _one.Write("a.txt").Reason, StringComparison.Ordinal);
        _one.Read("a.txt");
        Assert.Null(_one.Write("a.txt").Reason);
    }

    [Fact]
    public void WhatItNeverReadIsReadIfAnotherAgentWroteIt()
    {
        _other.Change("a.txt", "second");
        Assert.True(_one.Write("a.txt").Blocks);
    }

    [Fact]
    public void WhatItNeverReadAndNoAgentWroteIsItsOwnAffair()
    {
        Assert.Null(_one.Write("a.txt").Reason);
        _one.Stop();

        // A person's change after an agent's is nobody's.
        _other.Change("a.txt", "second");
        _world.Put("a.txt", "by hand");
        Assert.Null(_world.Agent().Write("a.txt").Reason);
    }

    [Fact]
    public void WhatItWroteItselfItKnows()
    {
        Assert.Null(_one.Write("n.txt").Reason);
        _world.Put("n.txt", "mine");
        _one.Done();
        Assert.Null(_one.Write("n.txt").Reason);
        _world.Put("n.txt", "mine again");
        _one.Done();
        Assert.Null(_one.Write("n.txt").Reason);
    }

    [Fact]
    public void AnEditOfWhatItKnowsLeavesItKnown()
    {
        _one.Read("a.txt");
        _one.Change("a.txt", "second");
        Assert.Null(_one.Write("a.txt").Reason);
    }

    // Its own edit went into content that it had not seen: it knows its part, not the whole.
    [Fact]
    public void AnEditByMatchingTextDoesNotMakeTheWholeKnown()
    {
        _one.Read("a.txt");
        _other.Change("a.txt", "second, and more");
        _other.Stop();
        _one.Change("a.txt", "SECOND, and more");
        Assert.True(_one.Write("a.txt").Blocks);
        _one.Read("a.txt");
        Assert.Null(_one.Write("a.txt").Reason);
    }

    [Fact]
    public void NorDoesAnEditOfWhatItNeverRead()
    {
        _other.Change("a.txt", "second, and more");
        _other.Stop();
        _one.Change("a.txt", "SECOND, and more");
        Assert.True(_one.Write("a.txt").Blocks);
    }

    // Claude and Codex look after the hook whether the text is still there; an edit there overwrites nothing unseen.
    [Theory, InlineData("claude"), InlineData("codex")]
    public void AnEditByMatchingTextIsAllowedWhereTheClientChecksIt(string client)
    {
        Agent one = _world.Agent(client);
        one.Read("a.txt");
        _other.Change("a.txt", "second");
        Assert.Null(one.Edit("a.txt").Reason);
    }

    [Fact]
    public void APatchThatAddsWhatIsThereIsGuarded()
    {
        Agent codex = _world.Agent("codex");
        codex.Read("a.txt");
        _other.Change("a.txt", "second");
        Assert.True(codex.Patch("*** Add File: a.txt", "+x").Blocks);
        Assert.Null(codex.Patch("*** Update File: a.txt").Reason);
    }

    [Fact]
    public void AnEditWithNothingToFindIsGuarded()
    {
        _one.Read("a.txt");
        _other.Change("a.txt", "second");
        Assert.True(_one.Before("Edit", new() { ["file_path"] = "a.txt", ["old_string"] = "", ["new_string"] = "x" }).Blocks);
    }

    [Theory]
    [InlineData("cat > a.txt <<'EOF'\nnew\nEOF"), InlineData("echo new | tee a.txt"), InlineData("echo new >| a.txt")]
    [InlineData("cp b.txt a.txt"), InlineData("mv b.txt a.txt"), InlineData("git restore a.txt"), InlineData("git checkout -- a.txt")]
    [InlineData("echo new > a.txt && cat a.txt"), InlineData("cat a.txt > a.txt"), InlineData("mv b.txt a.txt; cat a.txt")]
    public void ACommandThatReplacesWhatAnotherAgentWroteIsGuarded(string command)
    {
        _world.Put("b.txt", "new");
        _one.Read("a.txt");
        _other.Change("a.txt", "second");
        _other.Stop();
        Assert.Contains($"a.txt was changed by {_other.Id}", _one.Shell(command).Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Held());

        _one.Read("a.txt");
        Assert.Null(_one.Shell(command).Reason);
    }

    [Theory, InlineData("echo more >> a.txt"), InlineData("sed -i s/a/b/ a.txt"), InlineData("rm a.txt")]
    [InlineData("cat a.txt; echo > a.txt")]
    public void ACommandThatAddsOrLooksOrRemovesIsNot(string command)
    {
        _one.Read("a.txt");
        _other.Change("a.txt", "second");
        _other.Stop();
        Assert.Null(_one.Shell(command).Reason);
    }

    [Theory, InlineData("echo new > a.txt"), InlineData("cp b.txt a.txt")]
    public void ACommandMayReplaceWhatNoAgentWrote(string command)
    {
        _one.Read("a.txt");
        _world.Put("a.txt", "by hand, or by a build");
        Assert.Null(_one.Shell(command).Reason);
    }

    // Each agent's build writes them, and nobody reads them first.
    [Fact]
    public void ACommandMayReplaceWhatGitIgnores()
    {
        _world.Put(".gitignore", "*.log\n");
        _world.Put("build.log", "");
        _other.Shell("make > build.log");
        _world.Put("build.log", "its output");
        _other.Done();
        _other.Stop();
        Assert.Null(_one.Shell("make > build.log").Reason);
        _world.Put("also.log", "");
        _other.Shell("make > also.log");
        _world.Put("also.log", "its output");
        _other.Done();
        _other.Stop();
        Assert.Null(_one.Shell("make > also.log 2> build.log").Reason);
        _one.Stop();
        _other.Change("build.txt", "its output");
        _other.Stop();
        Assert.True(_one.Shell("make > build.txt").Blocks);
    }

    [Fact]
    public void ACommandMayReplaceWhatIsInNoRepository()
    {
        string log = Path.Combine(_world.Outside, "build.log");
        _other.Shell($"make > {log}");
        File.WriteAllText(log, "its output");
        _other.Done();
        _other.Stop();
        Assert.Null(_one.Shell($"make > {log}").Reason);
    }

    [Fact]
    public void AFileThatIsGoneMayBeMadeAgain()
    {
        _one.Read("a.txt");
        _other.Change("a.txt", "second");
        File.Delete(_world.At("a.txt"));
        Assert.Null(_one.Write("a.txt").Reason);
    }

    // The hash is looked at when the lease is there, not before the wait.
    [Fact]
    public async Task WhatChangedDuringTheWaitCounts()
    {
        _one.Read("a.txt");
        _one.Settings = new() { WaitMs = 30_000 };
        _other.Edit("a.txt");
        Task<Decision> waiting = Task.Run(() => _one.Write("a.txt"), CancellationToken.None);
        while (_other.Look().Context is null)
        {
            await Task.Delay(10, CancellationToken.None);
        }

        _world.Put("a.txt", "second");
        _other.Done();
        Assert.Contains("Read the file again", (await waiting).Reason, StringComparison.Ordinal);
        Assert.Empty(_world.Held());
    }

    // It did not see what the other wrote while it waited, although its own edit by matching went through.
    [Fact]
    public async Task AnEditThatWaitedDoesNotKnowTheWhole()
    {
        _one.Read("a.txt");
        _one.Settings = new() { WaitMs = 30_000 };
        _other.Edit("a.txt");
        Task<Decision> waiting = Task.Run(() => _one.Edit("a.txt"), CancellationToken.None);
        while (_other.Look().Context is null)
        {
            await Task.Delay(10, CancellationToken.None);
        }

        _world.Put("a.txt", "theirs");
        _other.Done();
        Assert.Null((await waiting).Reason);
        _world.Put("a.txt", "theirs and mine");
        _one.Done();
        Assert.Contains("Read the file again", _one.Write("a.txt").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailedEditIsNoChange()
    {
        _one.Read("a.txt");
        Assert.Null(_other.Edit("a.txt").Reason);
        _other.Done();
        Assert.Null(_one.Write("a.txt").Reason);
        Assert.Null(_world.Remembered(memory => memory.FindWriter("FILE:a.txt")));
    }

    [Fact]
    public void AParentDoesNotKnowWhatItsChildRead()
    {
        Agent child = _one.Child("c");
        child.Read("a.txt");
        _other.Change("a.txt", "second");
        child.Read("a.txt");
        Assert.True(_one.Write("a.txt").Blocks);
        Assert.Null(child.Write("a.txt").Reason);
    }

    [Fact]
    public void TheSameContentAgainIsKnown()
    {
        _one.Read("a.txt");
        _other.Change("a.txt", "second");
        _other.Change("a.txt", "first");
        Assert.Null(_one.Write("a.txt").Reason);
    }
}
