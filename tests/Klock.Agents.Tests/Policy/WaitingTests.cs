using Klock.Agents.Events;
using Klock.Agents.Settings;

namespace Klock.Agents.Tests.Policy;

/// <summary>Who must wait: holds nothing meanwhile, is missed by nobody, leaves nothing when it gives up.</summary>
public sealed class WaitingTests : IDisposable
{
    private readonly World _world = new();

    public WaitingTests() => _world.Put("a.txt", "x");

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task OneWhoWaitsGetsItWhenTheEditIsDone()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Settings = new HookSettings { WaitMs = 30_000 };
        one.Edit("a.txt");
        Task<Decision> waiting = Task.Run(() => other.Edit("a.txt"), CancellationToken.None);
        World.Until(() => one.Look().Context is not null);
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
        Assert.False(_world.Remembered(memory => memory.TryTakeIdle(memory.FindLease(one.Id, "FILE:a.txt")!.LeaseId)));
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
        World.Until(() => one.Look().Context is not null);
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
}
