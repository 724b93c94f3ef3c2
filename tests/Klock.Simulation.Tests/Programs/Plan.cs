using Klock.Kernel;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Programs;

/// <summary>What kind of run a seed makes: how many agents, on what, and how often they do which thing.</summary>
/// <remarks>
/// Each seed leaves some actions out and does others often ("swarm testing", Groce et al., ISSTA 2012): mixes of everything
/// reach fewer states than many different mixes of some things.
/// </remarks>
internal sealed class Plan
{
    private static readonly int[] _weights = [0, 1, 3, 10];
    private static readonly long[] _ttls = [1, 20, 300, 5_000, 60_000, 86_400_000];
    private static readonly long[] _waits = [1, 30, 1_000, 20_000, 3_600_000];

    // Their order as UTF-16 is not their order as UTF-8.
    private static readonly string[] _strangeNames = ["\uE000", "\U00010000", "\uFFFD"];

    public Plan(Dice dice)
    {
        int size = dice.Next(20);
        (int agents, int sessions, int hot, int cold, Steps) = size switch
        {
            < 15 => (dice.Between(2, 6), dice.Between(1, 2), dice.Between(1, 5), dice.Between(0, 2), 250),
            < 19 => (dice.Between(10, 30), dice.Between(1, 3), dice.Between(3, 10), dice.Between(5, 30), 500),
            _ => (dice.Between(200, 400), dice.Between(1, 2), dice.Between(4, 16), dice.Between(100, 300), 1_000),
        };
        Universe = Resources.Draw(dice, hot, cold);
        Hot = hot;
        Agents = [.. Enumerable.Range(0, agents).Select(i => i < _strangeNames.Length && dice.Chance(10) ? _strangeNames[i] : $"agent{i}")];
        Sessions = [.. Enumerable.Range(0, sessions).Select(i => $"s{i}")];
        Actions = [.. Enum.GetValues<Deed>().Select(deed => (WeightOf(deed, dice), deed))];
        KeepAliveMs = dice.Chance(20) ? LeaseTable.AlwaysAliveMs : 5_000;
        DefersRefusals = dice.Chance(30);
        LongestManifest = dice.Between(1, 4);
        WaitPercent = dice.Pick([20, 60, 95]);
        WriterPercent = dice.Pick([10, 40, 80]);
        TtlsMs = dice.Chance(50) ? _ttls[^2..] : _ttls;
        WaitsMs = dice.Chance(50) ? _waits[^2..] : _waits;
        JumpPercent = dice.Pick([0, 1, 5]);
        CrowdAbove = dice.Pick([0, 1, 3, 32]);
    }

    public int Steps { get; }

    public Universe Universe { get; }

    /// <summary>How many places, from the first on, are hot.</summary>
    public int Hot { get; }

    public string[] Agents { get; }

    public string[] Sessions { get; }

    public (int Weight, Deed Deed)[] Actions { get; }

    public long KeepAliveMs { get; }

    public bool DefersRefusals { get; }

    public int LongestManifest { get; }

    /// <summary>How many of a hundred requests say that they would wait.</summary>
    public int WaitPercent { get; }

    /// <summary>How many of a hundred requests are for something that excludes others.</summary>
    public int WriterPercent { get; }

    public long[] TtlsMs { get; }

    public long[] WaitsMs { get; }

    /// <summary>With more claims than this on a name the kernel lets them stand in lines.</summary>
    public int CrowdAbove { get; }

    /// <summary>How many of a hundred steps the clock jumps.</summary>
    public int JumpPercent { get; }

    // Without requests and releases nothing happens at all; what sweeps the board is rare.
    private static int WeightOf(Deed deed, Dice dice) => deed switch
    {
        Deed.Acquire => 30,
        Deed.Release => dice.Between(5, 25),
        Deed.Change => dice.Pick([0, 5, 20]),
        Deed.Kill or Deed.Close or Deed.Crash or Deed.EndSession or Deed.Register => dice.Pick([0, 1, 2]),
        _ => dice.Pick(_weights),
    };
}

/// <summary>What agents, processes and operators do.</summary>
internal enum Deed
{
    Acquire,
    Repeat,
    Change,
    Declare,
    Heartbeat,
    LateHeartbeat,
    Release,
    Revoke,
    RenewSession,
    EndSession,
    Crash,
    Register,
    KeepAlive,
    Cancel,
    Close,
    Kill,
    Tick,
    Failover,
}
