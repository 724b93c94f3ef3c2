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
        Until(() => _world.Held().Count == 0);

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

    [Fact]
    public async Task OneWhoWaitsGetsItWhenTheEditIsDone()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Settings = new HookSettings { WaitMs = 30_000 };
        one.Edit("a.txt");
        Task<Decision> waiting = Task.Run(() => other.Edit("a.txt"), CancellationToken.None);
        Until(() => one.Prompt().Context is not null);
        Assert.False(waiting.IsCompleted);
        one.Done();
        Assert.Null((await waiting).Reason);
        Assert.Equal([$"{other.Id} MUTATES FILE:a.txt"], _world.Held());
    }

    // The one who is about to wait looked before the owner was done, and comes to wait after it: the window may not stay for all its time.
    [Fact]
    public void WhoeverIsAboutToWaitIsNotMissed()
    {
        Agent one = _world.Agent();
        one.Edit("a.txt");
        Assert.False(_world.Remembered(memory => memory.TryTakeIdle(Lease(one).LeaseId)));
        one.Done();
        Assert.Empty(_world.Held());
    }

    [Fact]
    public async Task AWaitThatIsCancelledLeavesNothing()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Settings = new HookSettings { WaitMs = 30_000 };
        one.Edit("a.txt");
        using var cancel = new CancellationTokenSource();
        other.Cancel = cancel.Token;
        Task<Decision> waiting = Task.Run(() => other.Edit("a.txt"), CancellationToken.None);
        Until(() => one.Prompt().Context is not null);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        one.Done();
        one.Stop();
        Assert.Empty(_world.Held());
        Assert.Empty(_world.Remembered(memory => memory.LeasesOf(other.Id)));
    }

    // The owner goes on at the very moment at which another one ends its window: one of them gets it.
    [Fact]
    public async Task OfOwnerAndWaiterExactlyOneGetsIt()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        int owners = 0, waiters = 0;
        for (int round = 0; round < 60; round++)
        {
            Assert.Null(one.Edit("a.txt").Reason);
            one.Done();
            using var gate = new Barrier(2);
            Task<Decision>[] both = [.. new[] { one, other }.Select(agent => Task.Run(() =>
            {
                gate.SignalAndWait(CancellationToken.None);
                return agent.Edit("a.txt");
            }, CancellationToken.None))];
            Decision[] decisions = await Task.WhenAll(both);
            Assert.Single(decisions, decision => !decision.Blocks);
            Assert.Equal([$"{(decisions[0].Blocks ? other : one).Id} MUTATES FILE:a.txt"], _world.Held());
            _ = decisions[0].Blocks ? waiters++ : owners++;
            one.Stop();
            other.Stop();
            Assert.Empty(_world.Held());
        }

        Assert.Equal(60, owners + waiters);
    }

    // Else it would hold that while it waits, and be told to give way to an older agent.
    [Fact]
    public void WhoMustWaitEndsItsOwnWindowsFirst()
    {
        _world.Put("b.txt", "x");
        Agent one = _world.Agent(), other = _world.Agent();
        one.Edit("a.txt");
        other.Change("b.txt", "y");
        Assert.True(other.Edit("a.txt").Blocks);
        Assert.Equal([$"{one.Id} MUTATES FILE:a.txt"], _world.Held());
    }

    // The same where the call needs the idle one too.
    [Fact]
    public void WhoIsRefusedKeepsNothingOfTheCall()
    {
        _world.Put("b.txt", "x");
        Agent one = _world.Agent(), other = _world.Agent("codex");
        one.Edit("a.txt");
        other.Change("b.txt", "y");
        Assert.True(other.Patch("*** Update File: b.txt", "*** Update File: a.txt").Blocks);
        Assert.Equal([$"{one.Id} MUTATES FILE:a.txt"], _world.Held());
        Assert.Empty(_world.Remembered(memory => memory.LeasesOf(other.Id)));
        Assert.Null(one.Edit("b.txt").Reason);
    }

    [Fact]
    public void WindowsOfManyAreEnded()
    {
        Agent[] many = [.. Enumerable.Range(0, 40).Select(_ => _world.Agent())];
        for (int i = 0; i < many.Length; i++)
        {
            many[i].Change($"f{i}.txt", "x");
        }

        Assert.Equal(40, _world.Held().Count);
        Agent one = _world.Agent();
        Assert.Null(one.Shell("git stash").Reason);
        Assert.All(_world.Held(), held => Assert.StartsWith(one.Id, held, StringComparison.Ordinal));
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

    private static void Until(Func<bool> isSo)
    {
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 3_000, "not so after 30 s");
            Thread.Sleep(10);
        }
    }
}
