using Klock.Simulation.Tests.Bookkeeping;
using Klock.Simulation.Tests.Commands;
using Klock.Simulation.Tests.Programs;

namespace Klock.Simulation.Tests;

/// <summary>One run, which is wholly determined by its seed: random programs first, then the promise of progress.</summary>
internal sealed class SeedRun
{
    private const int TraceLines = 60;
    private readonly List<Command?> _done = [];
    private readonly Action<string>? _trace;
    private readonly ulong _seed;
    private readonly Plan _plan;
    private readonly Dice _dice;
    private readonly People _people = new();
    private readonly World _world;

    private SeedRun(ulong seed, Action<string>? trace)
    {
        _seed = seed;
        _trace = trace;
        _dice = new Dice(seed);
        _plan = new Plan(_dice);
        _world = NewWorld();
    }

    /// <summary>Runs a seed.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="trace">Called with every command; null for none.</param>
    /// <param name="steps">How many commands it ran.</param>
    /// <returns>What went wrong, in short; null when nothing did.</returns>
    public static string? Try(ulong seed, Action<string>? trace, out int steps)
    {
        var run = new SeedRun(seed, trace);
        Violation? violation = run.Try();
        steps = run._world.Steps;
        return violation?.Message;
    }

    /// <summary>Runs a seed that fails again, and says all that helps to understand why.</summary>
    public static string Explain(ulong seed)
    {
        var run = new SeedRun(seed, trace: null);
        return run.Try() is { } violation ? run.Report(violation) : $"seed {seed} does not fail again";
    }

    private Violation? Try()
    {
        try
        {
            RunAll();
            return null;
        }
        catch (Violation violation)
        {
            return violation;
        }
    }

    private void RunAll()
    {
        var script = new Script(_dice, _plan, _people, _world.Book);
        for (int i = 0; i < _plan.Steps; i++)
        {
            Run(script.Next());
        }

        var progress = new Progress(_dice, _plan, script, _people, _world.Book, Run);
        progress.ElderGetsThrough();
        progress.YoungestGetsThrough();
        progress.EverybodyGetsThrough();
    }

    private void Run(Command? command)
    {
        _done.Add(command);
        if (command is null)
        {
            _world.Failover();
        }
        else
        {
            _world.Run(command);
        }

        _trace?.Invoke(Line(_done.Count - 1));
    }

    private World NewWorld() => new(_plan.Universe, _people, _plan.KeepAliveMs, _plan.DefersRefusals, _plan.CrowdAbove);

    private string Line(int step) => $"{step,5} {_done[step]?.ToString() ?? "the follower takes over"}";

    private string Report(Violation violation)
    {
        IEnumerable<string> last = Enumerable.Range(0, _done.Count).TakeLast(TraceLines).Select(Line);
        string way = string.Join('\n', last);
        string shortest = string.Join('\n', Shrinker.Shrink(_done, NewWorld).Select(command => $"      {command}"));
        return $"seed {_seed}, step {_done.Count - 1} (KLOCK_SIM_SEED={_seed} runs it again with a trace)\n{violation.Message}\n"
            + $"{violation.StackTrace}\n{way}\n   the shortest way found to a violation from there:\n{shortest}";
    }
}
