using Klock.Simulation.Tests.Bookkeeping;
using Klock.Simulation.Tests.Commands;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Programs;

/// <summary>SPEC, "Progress": while everybody who holds lets go when its turn comes, whatever else is asked for meanwhile, the oldest
/// requester that waits gets through.</summary>
internal sealed class Progress(Dice dice, Plan plan, Script script, People people, Book book, Action<Command> run)
{
    private const long LongestWaitMs = 3_600_000;

    /// <summary>An elder of all asks, and rounds of traffic follow until it has what it asked for.</summary>
    /// <remarks>
    /// In each round everybody who holds and does not queue lets go of all. So of those who queued before the elder, the youngest
    /// is granted in each round at the latest, and lets go in the next; newcomers cannot get before them.
    /// </remarks>
    public void ElderGetsThrough()
    {
        BookSession elder = people.SessionOf("elder", "s");
        run(new Register(book.NowMs, elder.Agent, 0));
        Asked asked = script.NewRequest(elder) with { TtlMs = LongestWaitMs };
        Waiting waiting = script.NewWait(LongestWaitMs);
        run(new Acquire(book.NowMs, asked, waiting));
        int rounds = 3 + (2 * book.Waits.Count(wait => wait.IsQueued));
        while (book.FindWait(waiting.WaitId) is { } wait)
        {
            Unless(wait.IsQueued, $"the oldest of all was parked: {wait}");
            Unless(rounds-- > 0, $"the oldest that waits does not get through: {wait}");
            Round(elder);
        }

        Unless(book.Leases.Exists(lease => lease.Session == elder), "the wait of the oldest ended without its leases");
        run(new EndSession(book.NowMs, elder));
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

    private void Round(BookSession elder)
    {
        foreach (BookSession session in script.Sessions.Where(session => session != elder))
        {
            if (script.Processes.DueForSignOfLife(book) is { } process)
            {
                run(new KeepAlive(book.NowMs, process));
            }

            if (book.Leases.Exists(lease => lease.Session == session))
            {
                LetGo(session);
            }
            else if (!book.Waits.Exists(wait => wait.Session == session) && dice.Chance(plan.Agents.Length > 100 ? 10 : 70))
            {
                run(new Acquire(book.NowMs + 1, script.NewRequest(session), dice.Chance(70) ? script.NewWait(LongestWaitMs) : null));
            }
        }
    }

    private void LetGo(BookSession session)
    {
        while (!Queues(session) && book.Leases.Find(lease => lease.Session == session) is { } lease)
        {
            run(new Release(book.NowMs, lease.Id));
        }
    }

    private bool Queues(BookSession session) => book.Waits.Exists(wait => wait.IsQueued && wait.Session == session);
}
