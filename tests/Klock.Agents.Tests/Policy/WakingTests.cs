using Klock.Agents.Events;
using Klock.Agents.Settings;

namespace Klock.Agents.Tests.Policy;

/// <summary>An agent that was refused is told when it may try again, where its client waits for that in the background.</summary>
public sealed class WakingTests : IDisposable
{
    private readonly World _world = new() { IsOnScreen = true };

    public WakingTests()
    {
        _world.Put("a.txt", "x");
        _world.Put("b.txt", "x");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task WhatWasRefusedIsKeptForTheAgentThatIsTold()
    {
        (Agent one, Agent other) = Refused();
        Task<Decision> waking = Task.Run(() => other.Await(other.Last), CancellationToken.None);
        await Task.Delay(100, CancellationToken.None);
        Assert.False(waking.IsCompleted);
        one.Stop();
        Assert.Contains("a.txt is free now", (await waking).Wake, StringComparison.Ordinal);
        Assert.Equal([$"{other.Id} MUTATES FILE:a.txt"], _world.Held());
        Assert.Null(other.Edit("a.txt").Reason);
    }

    [Fact]
    public void WhatIsKeptMakesNobodyWait()
    {
        (Agent one, Agent other) = Refused();
        one.Stop();
        Assert.NotNull(other.Await(other.Last).Wake);
        Assert.Null(one.Edit("a.txt").Reason);
    }

    [Fact]
    public async Task AnAgentThatGotItByItselfIsNotTold()
    {
        (Agent one, Agent other) = Refused();
        var refused = other.Last;
        Task<Decision> waking = Task.Run(() => other.Await(refused), CancellationToken.None);
        other.Settings = new HookSettings { WaitMs = 30_000 };
        Task<Decision> again = Task.Run(() => other.Edit("a.txt"), CancellationToken.None);
        World.Until(() => one.Look().Context is not null);
        one.Done();
        Assert.Null((await again).Reason);
        Assert.Null((await waking).Wake);
    }

    [Fact]
    public void OneOfTwoHooksIsToldAndWhatWasNotRefusedIsNothing()
    {
        (Agent one, Agent other) = Refused();
        var refused = other.Last;
        one.Stop();
        Assert.NotNull(other.Await(refused).Wake);
        Assert.Null(other.Await(refused).Wake);
        other.Edit("b.txt");
        Assert.Null(other.Await(other.Last).Wake);
    }

    [Fact]
    public async Task ASessionThatEndsIsNotTold()
    {
        (Agent one, Agent other) = Refused();
        Task<Decision> waking = Task.Run(() => other.Await(other.Last), CancellationToken.None);
        await Task.Delay(100, CancellationToken.None);
        other.End();
        one.Stop();
        Assert.Null((await waking).Wake);
        Assert.Empty(_world.Held());
    }

    // A model may try many times: one hook waits, not one for each try.
    [Fact]
    public async Task OfSeveralHooksThatWaitForAFileTheLastOneDoes()
    {
        (Agent one, Agent other) = Refused();
        var first = other.Last;
        Task<Decision> earlier = Task.Run(() => other.Await(first), CancellationToken.None);
        await Task.Delay(100, CancellationToken.None);
        Assert.True(other.Edit("a.txt").Blocks);
        var second = other.Last;
        Task<Decision> last = Task.Run(() => other.Await(second), CancellationToken.None);
        Assert.Null((await earlier).Wake);
        Assert.False(last.IsCompleted);
        one.Stop();
        Assert.NotNull((await last).Wake);
    }

    [Fact]
    public void ASubagentWhoseTurnIsOverIsNotTold()
    {
        Agent one = _world.Agent(), child = _world.Agent().Child("c");
        one.Edit("a.txt");
        Assert.True(child.Edit("a.txt").Blocks);
        var refused = child.Last;
        child.Stop();
        one.Stop();
        Assert.Null(child.Await(refused).Wake);
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void ACommandIsToldOfAllThatItNeeds()
    {
        Agent one = _world.Agent(), third = _world.Agent(), other = _world.Agent();
        one.Edit("a.txt");
        third.Edit("b.txt");
        Assert.Contains("you will be told", other.Shell("rm a.txt b.txt").Reason, StringComparison.Ordinal);
        one.Stop();
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        other.Cancel = cancel.Token;
        var refused = other.Last;
        Assert.Null(other.Await(refused).Wake);
        Assert.Equal([$"{third.Id} MUTATES FILE:b.txt"], _world.Held());
    }

    [Fact]
    public void WhereTheClientCannotWakeNothingIsPromised()
    {
        _world.IsOnScreen = false;
        (Agent one, Agent other) = Refused();
        one.Stop();
        Assert.Null(other.Await(other.Last).Wake);
    }

    private (Agent One, Agent Other) Refused()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        one.Edit("a.txt");
        string reason = other.Edit("a.txt").Reason!;
        Assert.Equal(_world.IsOnScreen, reason.Contains("you will be told when it is free", StringComparison.Ordinal));
        return (one, other);
    }
}
