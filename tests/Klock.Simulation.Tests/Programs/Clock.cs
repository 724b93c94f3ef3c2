using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Programs;

/// <summary>Virtual time: mostly slow, sometimes just to where something is due, sometimes far ahead or back.</summary>
internal sealed class Clock(Dice dice, Plan plan, long startMs)
{
    public long NowMs { get; private set; } = startMs;

    public long Next(Book book)
    {
        NowMs = dice.Chance(plan.JumpPercent) ? Jump(book) : Math.Max(NowMs, book.NowMs) + Step();
        return NowMs;
    }

    private long Step() => dice.Next(10) switch
    {
        < 6 => 0,
        < 9 => dice.Between(1, 5),
        _ => dice.Between(1, 200),
    };

    private long Jump(Book book) => dice.Next(12) switch
    {
        < 6 when book.NextDueMs < long.MaxValue / 2 => Math.Max(0, Math.Min(book.NextDueMs, NowMs + 100_000_000) + dice.Between(-1, 1)),
        < 8 => Math.Max(0, NowMs - dice.Between(1, 10_000)),
        8 => NowMs + 4_000_000,
        _ => NowMs + dice.Between(1_000, 10_000),
    };
}
