using Klock.Kernel.Conflicts;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>One claim that is in somebody's way: a lease, or part of a queued request.</summary>
internal readonly record struct Obstacle(BookSession Session, Want Want, BookLease? Lease, BookWait? Wait)
{
    public override string ToString() => Lease?.ToString() ?? Wait!.ToString();
}

/// <summary>SPEC KLIS-3, KLIS-5, KLIS-7 and KLIS-8: what is in a request's way, and the verdict.</summary>
internal sealed class Rule(Book book)
{
    /// <summary>What was in the way of the request that was judged last.</summary>
    public List<Obstacle> InTheWay { get; } = [];

    /// <param name="who">Who asks.</param>
    /// <param name="wants">All that it asks for.</param>
    /// <param name="before">For one who queues: only those who queued before count.</param>
    public Verdict Judge(BookSession who, Want[] wants, long before = long.MaxValue)
    {
        InTheWay.Clear();
        foreach (BookLease lease in book.Leases)
        {
            if (lease.Session != who && Clashes(lease.Want, wants))
            {
                InTheWay.Add(new Obstacle(lease.Session, lease.Want, lease, null));
            }
        }

        foreach (BookWait wait in book.Waits)
        {
            if (wait is { IsQueued: true, Joins: null } && wait.Number < before && wait.Session != who)
            {
                AddClashing(wait, wants);
            }
        }

        // Waiters that this very session blocks are passed, if every intent can then be granted at once.
        if (InTheWay.TrueForAll(obstacle => obstacle.Wait is not null && IsBlockedBy(who, obstacle.Wait)))
        {
            InTheWay.Clear();
            return Verdict.Grant;
        }

        return InTheWay.TrueForAll(obstacle => IsOlder(who, obstacle.Session)) ? Verdict.Wait : Verdict.Die;
    }

    public Verdict Judge(BookWait wait) =>
        Judge(wait.Session, wait.Asked.Wants, wait.IsQueued ? (wait.Joins ?? wait).Number : long.MaxValue);

    public bool IsOlder(BookSession one, BookSession other) => one.CompareTo(other, book.NowMs) < 0;

    private void AddClashing(BookWait wait, Want[] wants)
    {
        foreach (Want want in wait.Asked.Wants)
        {
            if (Clashes(want, wants))
            {
                InTheWay.Add(new Obstacle(wait.Session, want, null, wait));
            }
        }
    }

    // By what it holds, or has queued ahead.
    private bool IsBlockedBy(BookSession session, BookWait wait) =>
        book.Leases.Exists(lease => lease.Session == session && Clashes(lease.Want, wait.Asked.Wants))
        || book.Waits.Exists(ahead => ahead is { IsQueued: true, Joins: null } && ahead.Session == session && ahead.Number < wait.Number
            && ahead.Asked.Wants.Any(want => Clashes(want, wait.Asked.Wants)));

    private bool Clashes(in Want one, Want[] others)
    {
        foreach (Want other in others)
        {
            if (book.Universe.Clash(one, other))
            {
                return true;
            }
        }

        return false;
    }
}
