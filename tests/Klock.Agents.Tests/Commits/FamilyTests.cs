using Klock.Agents.Settings;
using Klock.Agents.Tests.Policy;

namespace Klock.Agents.Tests.Commits;

/// <summary>Commits of an agent and its subagents, whose shells may say no more than of the main agent.</summary>
public sealed class FamilyTests : IDisposable
{
    private readonly World _world = new() { Settings = new HookSettings { WaitMs = 0, IdleMs = 0 } };
    private readonly Agent _parent;
    private readonly Agent _child;

    public FamilyTests()
    {
        _parent = _world.Agent();
        _child = _parent.Child("child");
        _world.Put("a.txt", "x");
        _world.Put("b.txt", "x");
        _world.Git("add", "-A");
        _world.Git("commit", "-q", "-m", "first");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void AParentCommitsWhatItsChildrenDidWhoseTurnIsOver()
    {
        _child.Change("a.txt", "child's");
        _world.Git("add", "-A");
        Assert.Null(_parent.Shell("git commit -m x").Reason);
        Assert.Equal([$"changed a.txt {_child.Id}"], _world.OthersInCommit(_parent.Id));
        _child.Stop();
        Assert.Empty(_world.OthersInCommit(_parent.Id));

        // It may come back.
        _child.Change("a.txt", "more");
        _world.Git("add", "-A");
        Assert.Equal([$"changed a.txt {_child.Id}"], _world.OthersInCommit(_parent.Id));
    }

    // The shell names the main agent, the index the subagent.
    [Fact]
    public void WhoHasTheIndexCommits()
    {
        _child.Change("a.txt", "child's");
        _parent.Change("b.txt", "parent's");
        _world.Git("add", "-A");
        Assert.Null(_child.Shell("git commit -m x").Reason);
        Assert.Equal([$"changed b.txt {_parent.Id}"], _world.OthersInCommit(_parent.Id));
    }

    // A script commits, of which no shell command said so: it may be any of them.
    [Fact]
    public void WhoIsNotKnownExactlyMayBeAnyOfThem()
    {
        Agent stranger = _world.Agent();
        _child.Change("a.txt", "child's");
        stranger.Change("b.txt", "theirs");
        _world.Git("add", "-A");
        Assert.Equal([$"changed b.txt {stranger.Id}"], _world.OthersInCommit(_parent.Id));
    }

    // Codex' shells name the subagent.
    [Fact]
    public void ASubagentThatIsNamedIsNoOther()
    {
        _child.Change("a.txt", "child's");
        _parent.Change("b.txt", "parent's");
        _world.Git("add", "-A");
        Assert.Equal([$"changed b.txt {_parent.Id}"], _world.OthersInCommit(_child.Id));
    }

    [Fact]
    public void AnIdThatBeginsAlikeIsNobodysChild()
    {
        Agent one = new(_world, "claude", "abc", null), longer = new(_world, "claude", "abcd", null);
        longer.Change("a.txt", "theirs");
        _world.Git("add", "-A");
        Assert.Equal([$"changed a.txt {longer.Id}"], _world.OthersInCommit(one.Id));
    }
}
