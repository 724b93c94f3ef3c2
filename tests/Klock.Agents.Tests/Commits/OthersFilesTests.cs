using Klock.Agents.Settings;
using Klock.Agents.Tests.Policy;

namespace Klock.Agents.Tests.Commits;

/// <summary>Which files of a commit are other agents' work, in a real repository.</summary>
public sealed class OthersFilesTests : IDisposable
{
    private readonly World _world = new() { Settings = new HookSettings { WaitMs = 0, IdleMs = 0 } };

    public OthersFilesTests()
    {
        _world.Put("a.txt", "x");
        _world.Put("b.txt", "x");
        Commit("first");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void WhatAnotherChangedIsTakenInByAddAll()
    {
        Agent one = _world.Agent(), other = _world.Agent("codex");
        one.Change("b.txt", "mine");
        other.Change("a.txt", "theirs");
        _world.Git("add", "-A");
        Assert.Equal([$"changed a.txt {other.Id}"], _world.OthersInCommit(one.Id));
        Assert.Equal([$"changed b.txt {one.Id}"], _world.OthersInCommit(other.Id));

        // A person is told of both.
        Assert.Equal([$"changed a.txt {other.Id}", $"changed b.txt {one.Id}"], _world.OthersInCommit(null));
    }

    [Fact]
    public void WhatIsNotStagedIsNobodysAffair()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Change("a.txt", "theirs");
        one.Change("b.txt", "mine");
        _world.Git("add", "b.txt");
        Assert.Empty(_world.OthersInCommit(one.Id));
    }

    [Fact]
    public void WhatIsHeldIsAnothersWhateverIsInIt()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        one.Change("a.txt", "mine");
        _world.Git("add", "-A");
        Assert.Null(other.Edit("a.txt").Reason);
        Assert.Equal([$"held a.txt {other.Id}"], _world.OthersInCommit(one.Id));
        other.Stop();
        Assert.Empty(_world.OthersInCommit(one.Id));
    }

    // Until the window of its edit is over.
    [Fact]
    public void AnIdleLeaseHoldsToo()
    {
        _world.Settings = new HookSettings { WaitMs = 0 };
        Agent one = _world.Agent(), other = _world.Agent();
        other.Change("a.txt", "theirs");
        _world.Git("add", "-A");
        Assert.Equal([$"held a.txt {other.Id}"], _world.OthersInCommit(one.Id));
        other.Stop();
        Assert.Equal([$"changed a.txt {other.Id}"], _world.OthersInCommit(one.Id));
    }

    [Fact]
    public void OfASessionThatIsOverNothingIs()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Change("a.txt", "theirs");
        _world.Git("add", "-A");
        other.End();
        Assert.Empty(_world.OthersInCommit(one.Id));
    }

    [Fact]
    public void NorOfAClientThatWasKilled()
    {
        Agent one = _world.Agent(), dead = new(_world, "claude", "dead", null) { Process = Environment.ProcessId, Started = 1 };
        dead.Change("a.txt", "theirs");
        _world.Git("add", "-A");
        Assert.Empty(_world.OthersInCommit(one.Id));
    }

    // Where a client's process is not known, an hour is as long as it counts.
    [Fact]
    public void NorOfOneThatWasNotHeardOfForAnHour()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Change("a.txt", "theirs");
        _world.Git("add", "-A");
        Assert.Single(_world.OthersInCommit(one.Id));
        _world.Clock.Later = TimeSpan.FromMinutes(61);
        Assert.Empty(_world.OthersInCommit(one.Id));
    }

    [Fact]
    public void AChangeOnTopOfWhatIsCommittedIsNotAnothers()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Change("a.txt", "theirs");
        Commit("theirs");
        _world.Put("a.txt", "generated, by no tool that hooks see");
        _world.Git("add", "-A");
        Assert.Empty(_world.OthersInCommit(one.Id));
    }

    [Fact]
    public void AChangeOnTopOfWhatIsNotCommittedHasItInIt()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Change("a.txt", "theirs");
        _world.Put("a.txt", "theirs, formatted");
        _world.Git("add", "-A");
        Assert.Equal([$"changed a.txt {other.Id}"], _world.OthersInCommit(one.Id));
    }

    // The committer's own content is staged; another changed the file only afterwards.
    [Fact]
    public void WhatWasStagedBeforeAnotherChangedItIsItsOwn()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        one.Read("a.txt");
        one.Change("a.txt", "mine");
        _world.Git("add", "a.txt");
        other.Change("a.txt", "theirs");
        Assert.Empty(_world.OthersInCommit(one.Id));
        _world.Git("add", "a.txt");
        Assert.Equal([$"changed a.txt {other.Id}"], _world.OthersInCommit(one.Id));
    }

    [Fact]
    public void NewAndDeletedFilesAreTheirsToo()
    {
        Agent one = _world.Agent(), other = _world.Agent("codex");
        Assert.Null(other.Patch("*** Add File: n.txt", "+x", "*** Delete File: b.txt").Reason);
        _world.Put("n.txt", "x\n");
        File.Delete(_world.At("b.txt"));
        other.Done();
        _world.Git("add", "-A");
        Assert.Equal([$"changed b.txt {other.Id}", $"changed n.txt {other.Id}"], _world.OthersInCommit(one.Id));
        Assert.Empty(_world.OthersInCommit(other.Id));
    }

    [Fact]
    public void WhatAMergeBringsWasCommittedThere()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        _world.Git("checkout", "-q", "-b", "side");
        other.Change("a.txt", "side");
        Commit("side");
        _world.Git("checkout", "-q", "-");
        _world.Put("b.txt", "main");
        Commit("main");
        other.Change("b.txt", "theirs, in the midst of the merge");
        _world.Git("stash", "-q");
        _world.Git("merge", "-q", "--no-commit", "--no-ff", "side");
        Assert.Empty(_world.OthersInCommit(one.Id));
        _world.Git("stash", "pop", "-q");
        _world.Git("add", "-A");
        Assert.Equal([$"changed b.txt {other.Id}"], _world.OthersInCommit(one.Id));
    }

    [Theory]
    [InlineData("with space.txt")]
    [InlineData("#a[id]?.txt")]
    [InlineData("new/in/new/folders/ü.txt")]
    [InlineData("-rf")]
    public void OddNamesAreNames(string name)
    {
        Agent one = _world.Agent(), other = _world.Agent();
        _world.Put(name, "");
        other.Change(name, "theirs");
        _world.Git("add", "-A");
        Assert.Equal([$"changed {name} {other.Id}"], _world.OthersInCommit(one.Id));
    }

    // No lease has such a name, but one may be on a folder around it.
    [Theory]
    [InlineData("dir/a\nb.txt")]
    [InlineData("a*b")]
    public void NamesThatNoLeaseCanHaveAreInTheTree(string name)
    {
        Agent one = _world.Agent(), other = _world.Agent();
        _world.Put(name, "x");
        _world.Git("add", "-A");
        Assert.Empty(_world.OthersInCommit(one.Id));
        Assert.Null(other.Shell("git stash").Reason);
        Assert.Equal([$"held {name} {other.Id}"], _world.OthersInCommit(one.Id));
        Assert.Empty(_world.OthersInCommit(other.Id));
    }

    // A link is itself in a commit, and not what it leads to.
    [Fact]
    public void ALinkIsNotWhatItLeadsTo()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        File.CreateSymbolicLink(_world.At("link"), "a.txt");
        _world.Git("add", "-A");
        Assert.Null(other.Edit("a.txt").Reason);
        Assert.Empty(_world.OthersInCommit(one.Id));
    }

    // Its files have names from the top of the superproject, there and in the submodule's own commits.
    [Fact]
    public void ASubmoduleHasTheNamesOfItsSuperproject()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        _world.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", _world.Folder, "sub");
        Commit("sub");
        other.Change("sub/a.txt", "theirs");
        _world.Git("-C", "sub", "commit", "-q", "-a", "-m", "in the submodule");
        _world.Git("add", "-A");
        Assert.Empty(_world.OthersInCommit(one.Id));
        other.Change("sub/a.txt", "more");
        _world.Git("-C", "sub", "add", "-A");
        Assert.Equal([$"changed a.txt {other.Id}"], _world.OthersInCommit(one.Id, "sub"));
    }

    [Fact]
    public void ALinkedWorkTreeHasItsOwnContent()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        string tree = Path.Combine(_world.Outside, "tree");
        _world.Git("worktree", "add", "-q", tree);
        other.Change("a.txt", "theirs, in the first work tree");
        File.WriteAllText(Path.Combine(tree, "b.txt"), "mine");
        _world.Git("-C", tree, "add", "-A");
        Assert.Empty(_world.OthersInCommit(one.Id, tree));
    }

    private void Commit(string message)
    {
        _world.Git("add", "-A");
        _world.Git("commit", "-q", "-m", message);
    }
}
