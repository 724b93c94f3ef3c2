using Klock.Simulation.Tests.Bookkeeping;
using Klock.Simulation.Tests.Commands;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Programs;

/// <summary>SPEC, "Progress": while every holder releases when its turn comes, whatever else is asked for meanwhile, the oldest
/// requester that waits gets through, and so does the youngest while it holds nothing.</summary>
internal sealed class Progress(Dice dice, Plan plan, Script script, People people, Book book, Action<Command> run)
{
    private const long LongestWaitMs = 3_600_000;

    /// <summary>An elder of all asks, and rounds of traffic follow until it has what it asked for.</summary>
    public void ElderGetsThrough() => GetsThrough("elder", 0);

    /// <summary>So does the youngest of all, which elders would pass for ever but for ageing.</summary>
    public void YoungestGetsThrough() => GetsThrough("youngest", ulong.MaxValue);

    /// <remarks>
    /// In each round everybody who holds and does not queue releases all. So of those who queued before the asker, the youngest is
    /// granted in each round at the latest, and lets go in the next. While it is parked somebody in its way is granted in nearly each
    /// round, so that it is senior after a few; older than it are then only those that were parked before it.
    /// </remarks>
    private void GetsThrough(string agent, ulong priority)
    {
        BookSession asker = people.SessionOf(agent, "s");
        run(new Register(book.NowMs, asker.Agent, priority));
        Asked asked = script.NewRequest(asker) with { TtlMs = LongestWaitMs };
        Waiting waiting = script.NewWait(LongestWaitMs);
        run(new Acquire(book.NowMs, asked, waiting));
        int bound = 5 + (2 * (script.Sessions.Count + book.Waits.Count));
        for (int rounds = 0; book.FindWait(waiting.WaitId) is { } wait; rounds++)
        {
            Unless(rounds <= bound, $"whoever waits and holds nothing is passed without end: {wait}");
            Round(asker);
        }

        Unless(book.Leases.Exists(lease => lease.Session == asker), "the wait ended without its leases");
        run(new EndSession(book.NowMs, asker));
    }

    /// <summary>Nobody asks for more, and whoever holds and does not queue lets go, one lease at a time: in the end nobody waits.</summary>
    public void EverybodyGetsThrough()
    {
        // Time stands still, so that nobody is helped by a time-out.
        int bound = book.Leases.Count + book.Waits.Sum(wait => wait.Asked.Wants.Length);
        while (book.Leases.Count + book.Waits.Count > 0)
        {
            List<BookLease> free = book.Leases.FindAll(lease => !Queues(lease.Session));
            Unless(free.Count > 0, $"all who hold wait, in a circle: {string.Join("\n", book.Waits)}");
            Unless(bound-- > 0, "letting go does not come to an end");
            run(new Release(book.NowMs, dice.Pick(free).Id));
        }
    }

    private void Round(BookSession asker)
    {
        foreach (BookSession session in script.Sessions.Where(session => session != asker))
        {
            if (script.Processes.DueForKeepAlive(book) is { } process)
            {
                run(new KeepAlive(book.NowMs, process));
            }

            if (book.Leases.Exists(lease => lease.Session == session))
            {
                RemoveLease(session);
            }
            else if (!book.Waits.Exists(wait => wait.Session == session) && dice.Chance(plan.Agents.Length > 100 ? 10 : 70))
            {
                run(new Acquire(book.NowMs + 1, script.NewRequest(session), dice.Chance(70) ? script.NewWait(LongestWaitMs) : null));
            }
        }
    }

    private void RemoveLease(BookSession session)
    {
        while (!Queues(session) && book.Leases.Find(lease => lease.Session == session) is { } lease)
        {
            run(new Release(book.NowMs, lease.Id));
        }
    }

    private bool Queues(BookSession session) => book.Waits.Exists(wait => wait.IsQueued && wait.Session == session);
}
