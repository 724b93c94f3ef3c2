using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Tests.Model;
using Xunit;

namespace Klock.Kernel.Tests.Sequences;

/// <summary>Runs one sequence on the model, on a kernel and on its follower, and compares all three after every step.</summary>
internal sealed class World
{
    private const long FirstSequence = 1000;
    private readonly ModelStore _model = new(FirstSequence);
    private readonly Reach _reach;
    private readonly List<UInt128> _ids = [];
    private KernelSubject _leader = new(FirstSequence);
    private KernelSubject _follower = new(FirstSequence);

    public World(Reach reach)
    {
        _reach = reach;
        _leader.Table.SendEventsTo(_leader);
    }

    /// <summary>The clock. Starts low, so that the priority of those who never register lies among the registered ones.</summary>
    public long NowMs { get; set; } = 5;

    public static void Run(IReadOnlyList<Command> commands, Reach reach)
    {
        var world = new World(reach);
        foreach (Command command in commands)
        {
            world.Step(command);
        }

        world.LetGoOfEverything();
    }

    public UInt128 NextId()
    {
        _ids.Add((UInt128)_ids.Count + 1);
        return _ids[^1];
    }

    public UInt128 IdOf(LeaseChoice choice)
    {
        UInt128[] from = choice.AmongHeld ? [.. _model.Held.Select(lease => lease.Id)] : [.. _ids];
        return from.Length == 0 ? UInt128.MaxValue : from[choice.Number % from.Length];
    }

    public long? ExpiryOf(LeaseChoice choice) => _model.Held.FirstOrDefault(lease => lease.Id == IdOf(choice))?.ExpiresAtMs;

    public void Failover()
    {
        // Events do not carry the times at which nothing happened; a store moves its replica's clock on.
        _follower.Table.MoveTo(_leader.Table.Sequence, _leader.Table.NowMs);
        (_leader, _follower) = (_follower, _leader);
        _follower.Table.SendEventsTo(null);
        _leader.Table.SendEventsTo(_leader);
    }

    private void Step(Command command)
    {
        Func<ISubject, Answer> run = command.Prepare(this);
        Answer answer = run(_model);
        AssertSame(answer, run(_leader), "answer to", command);
        _reach.Count(command, answer);
        CompareEvents(command, answer);
        CompareStates(command);
    }

    private void CompareEvents(Command command, Answer answer)
    {
        foreach (Event happened in _leader.Events)
        {
            _follower.Table.Apply(happened);
        }

        IReadOnlyList<EventView> expected = _model.TakeEvents();
        IReadOnlyList<EventView> actual = _leader.TakeEvents();
        if (!expected.SequenceEqual(actual))
        {
            AssertSame(string.Join('\n', expected), string.Join('\n', actual), "events of", command);
        }

        if (command is Acquire && answer.Lease is not null && actual.All(happened => happened.Kind != "Granted"))
        {
            _reach.Add("Acquire repeated");
        }
    }

    private void CompareStates(Command command)
    {
        long now = Math.Max(NowMs, _model.NowMs);
        StateView expected = _model.View(now);
        Invariants.Hold([.. _model.Held.Where(lease => now < lease.ExpiresAtMs)], command);
        int nodes = NodeRecount.Count(_model.Held.Select(lease => lease.Resource));
        foreach (KernelSubject subject in new[] { _leader, _follower })
        {
            string who = subject == _leader ? "leader" : "follower";
            AssertSame(expected, subject.View(now), who, command);
            AssertSame(expected.Active.Count, subject.Table.CountActive(now), who, command);
            AssertSame(nodes, subject.Table.ResourceNodeCount, who, command);
        }
    }

    // The message is made only when it is needed: there are some hundred thousand steps.
    private void AssertSame<T>(T model, T kernel, string what, Command command)
        where T : notnull
    {
        if (!model.Equals(kernel))
        {
            Assert.Fail($"{what} {command} at {NowMs}\nmodel:  {model}\nkernel: {kernel}");
        }
    }

    // Half by their holders, half by the clock: nothing may be left of either in leader or follower.
    private void LetGoOfEverything()
    {
        while (_model.Held.Skip(_ids.Count / 2).Any())
        {
            Step(new Release(new LeaseChoice(0, AmongHeld: true)));
        }

        NowMs = Math.Max(NowMs, _model.NowMs) + CommandGen.LongestTtlMs;
        Step(new Evict());
        Assert.Equal(0, _leader.Table.ResourceNodeCount);
        Assert.Equal(0, _follower.Table.ResourceNodeCount);
        foreach (LeaseId id in _ids.Select(id => new LeaseId(id)))
        {
            Assert.Equal(_leader.Table.FindEnded(id), _follower.Table.FindEnded(id));
        }
    }
}
