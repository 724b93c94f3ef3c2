using Klock.Agents.Events;
using Klock.Agents.Settings;

namespace Klock.Agents.Tests.Policy;

/// <summary>What becomes of a lease from before an edit until after it.</summary>
public sealed class WindowTests : IDisposable
{
    private readonly World _world = new();

    public WindowTests() => _world.Put("a.txt", "x");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void AnEditIsLeasedAndStaysIdleAfterwards()
    {
        Agent one = _world.Agent();
        Assert.Equal(Decision.Allow, one.Edit("a.txt"));
        Assert.Equal([$"{one.Id} MUTATES FILE:a.txt"], _world.Held());
        Assert.False(Lease(one).IsIdle);
        Assert.Equal(Decision.Allow, one.Done());
        Assert.Equal([$"{one.Id} MUTATES FILE:a.txt"], _world.Held());
        Assert.True(Lease(one).IsIdle);
    }

    // A person who interrupts a tool fires no event; the next one is what that person says.
    [Fact]
    public void APromptEndsWhatWasInterrupted()
    {
        Agent one = _world.Agent();
        one.Edit("a.txt");
        one.Prompt();
        Assert.True(Lease(one).IsIdle);
    }

    [Fact]
    public void WhatIsHeldInAnotherRepositoryEndsToo()
    {
        string other = Directory.CreateDirectory(Path.Combine(_world.Outside, "other")).FullName;
        _world.Git("init", "--quiet", other);
        Agent one = _world.Agent();
        Assert.Null(one.Edit("../other/b.txt").Reason);
        Assert.Equal([$"{one.Id} PROVIDES FILE:b.txt"], _world.Held(other));
        one.Stop();
        Assert.Empty(_world.Held(other));
    }

    [Fact]
    public void WithoutAnIdleWindowItEndsWithTheEdit()
    {
        _world.Settings = _world.Settings with { IdleMs = 0 };
        Agent one = _world.Agent();
        one.Edit("a.txt");
        one.Done();
        Assert.Empty(_world.Held());
        Assert.Empty(_world.Remembered(memory => memory.LeasesOf(one.Id)));
    }

    [Fact]
    public void AnIdleWindowPasses()
    {
        _world.Settings = _world.Settings with { IdleMs = 50 };
        Agent one = _world.Agent();
        one.Edit("a.txt");
        one.Done();
        World.Until(() => _world.Held().Count == 0);

        // Its owner finds it gone, and takes another.
        Assert.Null(one.Edit("a.txt").Reason);
        Assert.Single(_world.Held());
    }

    [Fact]
    public void ItsOwnerUsesItAgain()
    {
        Agent one = _world.Agent();
        one.Change("a.txt", "y");
        string first = Lease(one).LeaseId;
        Assert.Null(one.Edit("a.txt").Reason);
        Assert.Equal(first, Lease(one).LeaseId);
        Assert.False(Lease(one).IsIdle);
    }

    // Also with a wait of nothing: to end an idle window is no wait.
    [Theory, InlineData(0), InlineData(5_000)]
    public void AnIdleWindowEndsAtOnceForAnother(long waitMs)
    {
        Agent one = _world.Agent(), other = _world.Agent();
        one.Change("a.txt", "y");
        other.Settings = new HookSettings { WaitMs = waitMs };
        Assert.Null(other.Edit("a.txt").Reason);
        Assert.Equal([$"{other.Id} MUTATES FILE:a.txt"], _world.Held());
        Assert.Null(_world.Remembered(memory => memory.FindLease(one.Id, "FILE:a.txt")));
    }

    [Fact]
    public void WhatIsBeingEditedIsRefusedWithAllThatAModelNeeds()
    {
        Agent one = _world.Agent(), other = _world.Agent("codex");
        one.Edit("a.txt");
        string reason = other.Edit("a.txt").Reason!;
        Assert.Contains("a.txt", reason, StringComparison.Ordinal);
        Assert.Contains(one.Id, reason, StringComparison.Ordinal);
        Assert.Matches(@"since \d\d:\d\d:\d\d", reason);
        Assert.Contains("try once more", reason, StringComparison.Ordinal);
        Assert.Contains("shell command", reason, StringComparison.Ordinal);
        Assert.Single(_world.Held());
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("codex")]
    public void AnEditWithoutAnEndIsOverAtTheNextOne(string client)
    {
        _world.Put("b.txt", "x");
        Agent one = _world.Agent(client);
        one.Edit("a.txt");
        one.Edit("b.txt");
        Assert.True(Lease(one).IsIdle);
    }

    // opencode and Copilot run several at once.
    [Theory]
    [InlineData("opencode")]
    [InlineData("copilot")]
    public void WhereToolsRunAtOnceTheNextOneEndsNone(string client)
    {
        _world.Put("b.txt", "x");
        Agent one = new(_world, client, "s", null) { GivesIds = client != "copilot" };
        one.Edit("a.txt");
        ToolUse first = one.Last;
        one.Edit("b.txt");
        Assert.False(Lease(one).IsIdle);
        one.Done();
        Assert.False(Lease(one).IsIdle);
        one.Done(first);
        Assert.True(Lease(one).IsIdle);
    }

    [Fact]
    public void ABatchEndsItsCallsAndNoOthers()
    {
        _world.Put("b.txt", "x");
        Agent one = _world.Agent("opencode");
        one.Edit("a.txt");
        ToolUse first = one.Last;
        one.Edit("b.txt");
        one.DoneBatch(first);
        Assert.True(Lease(one).IsIdle);
        Assert.False(_world.Remembered(memory => memory.FindLease(one.Id, "FILE:b.txt"))!.IsIdle);
    }

    [Fact]
    public void WindowsEndBeforeASubagentStarts()
    {
        Agent one = _world.Agent();
        one.Change("a.txt", "y");
        Assert.Null(one.Spawn().Reason);
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void ALeaseThatWasRevokedIsTold()
    {
        Agent one = _world.Agent();
        one.Edit("a.txt");
        _world.Revoke(one);
        Assert.Contains("was over before your tool was done", one.Done().Context, StringComparison.Ordinal);
        Assert.Null(one.Prompt().Context);
    }

    private Memory.HookLease Lease(Agent agent) => _world.Remembered(memory => memory.FindLease(agent.Id, "FILE:a.txt"))!;
}
