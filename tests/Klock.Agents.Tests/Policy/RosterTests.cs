using Klock.Agents.Events;
using Klock.Agents.Memory;

namespace Klock.Agents.Tests.Policy;

/// <summary>Parents and children, turns and sessions, who waits for whom.</summary>
public sealed class RosterTests : IDisposable
{
    private readonly World _world = new();

    public RosterTests() => _world.Put("a.txt", "x");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void AParentAndItsChildrenExcludeEachOther()
    {
        Agent parent = _world.Agent(), child = parent.Child("c"), other = parent.Child("d");
        Assert.Null(child.Edit("a.txt").Reason);
        Assert.Contains(child.Id, other.Edit("a.txt").Reason, StringComparison.Ordinal);
        Assert.True(parent.Edit("a.txt").Blocks);
        child.Stop();
        Assert.Null(parent.Edit("a.txt").Reason);
        Assert.True(other.Edit("a.txt").Blocks);
    }

    [Fact]
    public void AChildHasItsParentsPriority()
    {
        Agent parent = _world.Agent();
        parent.Start();
        _world.Clock.Later = TimeSpan.FromHours(1);
        Agent later = _world.Agent(), child = parent.Child("c");
        later.Edit("b.txt");
        child.Edit("a.txt");
        long of = Known(parent).Priority;
        Assert.Equal(of, Known(child).Priority);
        Assert.True(Known(later).Priority >= of + 3_600_000);
        Assert.Equal(Known(later).Priority, _world.Priorities()[later.Id]);
        Assert.Equal(of, _world.Priorities()[child.Id]);
    }

    [Fact]
    public void AnAgentThatIsSeenAgainKeepsItsPriority()
    {
        Agent one = _world.Agent();
        one.Edit("a.txt");
        long of = Known(one).Priority;
        _world.Clock.Later = TimeSpan.FromHours(1);
        one.Edit("a.txt");
        one.Start();
        Assert.Equal(of, Known(one).Priority);
        Assert.True(Known(one).SeenAtMs >= of + 3_600_000);
    }

    // It has leases from elsewhere: its priority is not changed, and its hook works all the same.
    [Fact]
    public void AnAgentThatIsBusyAlreadyIsNoFailure()
    {
        Agent one = _world.Agent();
        one.Edit("a.txt");
        _world.Forget(one);
        Assert.Null(one.Edit("b.txt").Reason);
        Assert.Equal(2, _world.Held().Count);
    }

    [Fact]
    public void ATurnsEndEndsTheAgentsLeasesAndNotItsChildrens()
    {
        Agent parent = _world.Agent(), child = parent.Child("c");
        parent.Edit("a.txt");
        child.Edit("b.txt");
        parent.Stop();
        Assert.Equal([$"{child.Id} PROVIDES FILE:b.txt"], _world.Held());
        child.Stop();
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void ASubagentsEndWithoutANameEndsNothing()
    {
        Agent parent = _world.Agent();
        parent.Edit("a.txt");
        parent.Tell(AgentEventKind.SubagentEnd);
        Assert.Single(_world.Held());
    }

    [Fact]
    public void ASessionsEndEndsAll()
    {
        Agent parent = _world.Agent(), child = parent.Child("c"), stranger = _world.Agent();
        parent.Edit("a.txt");
        child.Edit("b.txt");
        stranger.Edit("c.txt");
        parent.End();
        Assert.Equal([$"{stranger.Id} PROVIDES FILE:c.txt"], _world.Held());
        Assert.Null(_world.Remembered(memory => memory.FindAgent(child.Id)));
    }

    // A session whose name begins like another's is another.
    [Fact]
    public void NamesAreNotPrefixes()
    {
        Agent one = new(_world, "claude", "s", null), other = new(_world, "claude", "s2", null);
        other.Edit("a.txt");
        one.Start();
        one.End();
        Assert.Single(_world.Held());
    }

    [Fact]
    public void ANewSessionOfTheSameProcessEndsTheOldOne()
    {
        Agent one = _world.Agent(process: 4242), child = one.Child("c");
        one.Edit("a.txt");
        child.Edit("b.txt");
        Agent next = one.Next("resumed");
        next.Start();
        Assert.Empty(_world.Held());
        Assert.Null(next.Edit("a.txt").Reason);
    }

    [Fact]
    public void ANewSessionOfAnotherProcessEndsNothing()
    {
        Agent one = _world.Agent(process: 4242), two = _world.Agent();
        one.Edit("a.txt");
        two.Edit("b.txt");
        _world.Agent(process: 4243).Start();
        new Agent(_world, "claude", "same number", null) { Process = 4242, Started = 2 }.Start();
        _world.Agent().Start();
        Assert.Equal(2, _world.Held().Count);
    }

    [Fact]
    public void TheSameSessionMayStartAgain()
    {
        Agent one = _world.Agent(process: 4242);
        one.Edit("a.txt");
        one.Start();
        Assert.Single(_world.Held());
    }

    // A server of opencode has many sessions at once.
    [Fact]
    public void SessionsOfOneProcessMayRunAtOnceInOpenCode()
    {
        Agent one = _world.Agent("opencode", process: 4242);
        one.Edit("a.txt");
        one.Next("another").Start();
        Assert.Single(_world.Held());
    }

    [Fact]
    public void AStartTellsWhoElseWorksHere()
    {
        Agent one = _world.Agent(), child = one.Child("c"), other = _world.Agent();
        Assert.Null(one.Start().Context);
        child.Edit("a.txt");
        Assert.Null(one.Start().Context);
        string said = other.Start().Context!;
        Assert.Contains("1 other agent works", said, StringComparison.Ordinal);
        Assert.Contains("a.txt", said, StringComparison.Ordinal);
        Assert.InRange(said.Split(". ").Length, 2, 2);
    }

    [Fact]
    public async Task AHolderIsToldOnceWhoWaits()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Settings = new() { WaitMs = 30_000 };
        one.Edit("a.txt");
        Task<Decision> waiting = Task.Run(() => other.Edit("a.txt"), CancellationToken.None);
        string? said = null;
        World.Until(() => (said = one.Look().Context) is not null);
        Assert.Equal($"Klock: {other.Id} waits for a.txt. Finish what you are doing there soon.", said);
        Assert.Null(one.Look().Context);
        one.Done();
        Assert.Null((await waiting).Reason);
    }

    [Fact]
    public void WhoHasGivenUpWaitingIsNotMentioned()
    {
        Agent one = _world.Agent(), other = _world.Agent();
        other.Settings = new() { WaitMs = 1 };
        one.Edit("a.txt");
        Assert.NotNull(other.Edit("a.txt").Reason);
        Assert.Null(one.Prompt().Context);
    }

    [Fact]
    public void NoticesAreBounded()
    {
        Agent one = _world.Agent();
        _world.Remembered(memory =>
        {
            for (int i = 0; i < 20; i++)
            {
                memory.AddNotice(one.Id, $"notice {i}", atMs: i);
            }

            return true;
        });
        Assert.Equal(8, one.Prompt().Context!.Split('\n').Length);
    }

    [Fact]
    public void WhoIsNotHeardOfForAWeekIsForgotten()
    {
        Agent old = _world.Agent(), child = old.Child("c");
        old.Change("a.txt", "y");
        child.Read("a.txt");
        _world.Clock.Later = TimeSpan.FromDays(6);
        _world.Agent().Start();
        Assert.NotNull(_world.Remembered(memory => memory.FindAgent(old.Id)));
        _world.Clock.Later = TimeSpan.FromDays(8);
        _world.Agent().Start();
        foreach (Agent gone in new[] { old, child })
        {
            Assert.Null(_world.Remembered(memory => memory.FindAgent(gone.Id)));
            Assert.Null(_world.Remembered(memory => memory.FindContent(gone.Id, "FILE:a.txt")));
        }

        Assert.Null(_world.Remembered(memory => memory.FindWriter("FILE:a.txt")));
        Assert.Empty(_world.Remembered(memory => memory.LeasesOf(old.Id)));

        // It comes back as a new one.
        Assert.Null(old.Edit("a.txt").Reason);
    }

    private KnownAgent Known(Agent agent) => _world.Remembered(memory => memory.FindAgent(agent.Id))!;
}
