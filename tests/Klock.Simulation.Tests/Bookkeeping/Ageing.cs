using Klock.Kernel.Events;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>
/// SPEC KLIS-8, ageing: a parked request that two conflicting grants to other sessions have passed makes its session senior, until that
/// holds, queues and parks nothing.
/// </summary>
internal sealed class Ageing(Book book)
{
    public const int PassesToBeSenior = 2;

    /// <summary>A grant, or a change that gains conflicts, passes those who are parked and conflict with it.</summary>
    public void Pass(in Event happened, BookLease lease)
    {
        bool any = false;
        foreach (BookWait wait in book.Waits)
        {
            if (wait is { IsQueued: false, Joins: null } && wait.Session != lease.Session
                && wait.Asked.Wants.Any(want => book.Universe.Clash(want, lease.Want)))
            {
                any = true;
                wait.Passes++;
                if (wait.Passes == PassesToBeSenior)
                {
                    wait.Session.SeniorSince = Math.Min(wait.Session.SeniorSince ?? long.MaxValue, wait.Number);
                }
            }
        }

        UnlessSame(any, happened.Passes, "whether a grant passes somebody");
    }

    /// <summary>A session has lost a lease or a wait.</summary>
    public void SomethingEnded(BookSession session)
    {
        bool isIdle = !book.Leases.Exists(lease => lease.Session == session) && !book.Waits.Exists(wait => wait.Session == session);
        session.SeniorSince = isIdle ? null : session.SeniorSince;
    }
}
