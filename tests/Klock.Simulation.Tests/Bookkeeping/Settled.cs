using Klock.Kernel.Conflicts;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>Whether all that happens by itself has happened (SPEC KLIS-4 and KLIS-8).</summary>
internal sealed class Settled(Book book, Rule rule)
{
    public bool AnyOverdue => AnyWaitOverdue || AnyLeaseOverdue;

    public bool AnyWaitOverdue => book.Waits.Exists(IsOverdue);

    public bool AnyLeaseOverdue => book.Leases.Exists(lease => lease.ExpiresAtMs <= book.NowMs);

    /// <summary>What must still happen at once; null when nothing.</summary>
    public string? WhatIsLeft()
    {
        foreach (BookLease lease in book.Leases)
        {
            if (lease.ExpiresAtMs <= book.NowMs)
            {
                return $"a lease that has run out is not ended: {lease}";
            }
        }

        foreach (BookWait wait in book.Waits)
        {
            if (WhatIsLeftFor(wait) is { } what)
            {
                return $"{what}: {wait}";
            }
        }

        return null;
    }

    private string? WhatIsLeftFor(BookWait wait)
    {
        if (IsOverdue(wait))
        {
            return wait.DeadlineMs <= book.NowMs ? "a wait goes on after its time was up" : "a wait goes on though its process is dead";
        }

        if (wait == book.Granting)
        {
            return "a wait goes on though it was given what it asked for";
        }

        if (wait.Changes is not null && !book.Leases.Contains(wait.Changes))
        {
            return "a queued change outlived its lease";
        }

        if (book.GrantedAs(wait.Session, wait.Asked.RequestId).Count > 0)
        {
            return "a repeated request waits on though it was granted";
        }

        if (wait.Joins is { } place)
        {
            return book.Waits.Contains(place) && place.IsQueued == wait.IsQueued ? null : "a wait shares a place that is gone";
        }

        if (!wait.IsQueued && book.HoldsOrQueues(wait.Session))
        {
            return "a parked request goes on though its session holds or queues";
        }

        return rule.Judge(wait) switch
        {
            Verdict.Grant => "a request waits that may be granted",
            Verdict.Wait when !wait.IsQueued => "a parked request may queue and was not told",
            Verdict.Die when wait.IsQueued =>
                $"somebody waits for an elder, {rule.InTheWay.First(obstacle => rule.IsOlder(obstacle.Session, wait.Session))}",
            _ => null,
        };
    }

    private bool IsOverdue(BookWait wait) => wait.DeadlineMs <= book.NowMs || wait.AliveUntilMs <= book.NowMs;
}
