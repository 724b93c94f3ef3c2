using Klock.Kernel.Queues;

namespace Klock.Kernel.Claims;

/// <summary>A process that waits for something through this store, and until when it is known to be alive.</summary>
/// <remarks>One keep-alive renews all its waits, so that ten thousand waits of one server cost what one costs.</remarks>
internal sealed class WaitOwner(LeaseId id) : Queueable, IExpiring
{
    public LeaseId Id { get; } = id;

    /// <summary>The last of its waits; null when it has none.</summary>
    public Waiter? LastWaiter { get; private set; }

    public int WaiterCount { get; private set; }

    /// <summary>Its waits, the last one first.</summary>
    public IEnumerable<Waiter> Waiters
    {
        get
        {
            for (Waiter? waiter = LastWaiter; waiter is not null; waiter = waiter.PreviousOfOwner)
            {
                yield return waiter;
            }
        }
    }

    /// <summary>Until when its last keep-alive counts.</summary>
    public long AliveUntilMs { get; set; }

    /// <summary>When to check which of its waits are dead: none is before.</summary>
    public long ExpiresAtMs { get; set; }

    public long Number { get; set; }

    public void Add(Waiter waiter)
    {
        waiter.PreviousOfOwner = LastWaiter;
        LastWaiter?.NextOfOwner = waiter;
        LastWaiter = waiter;
        WaiterCount++;
    }

    public void Remove(Waiter waiter)
    {
        waiter.PreviousOfOwner?.NextOfOwner = waiter.NextOfOwner;
        if (waiter.NextOfOwner is null)
        {
            LastWaiter = waiter.PreviousOfOwner;
        }
        else
        {
            waiter.NextOfOwner.PreviousOfOwner = waiter.PreviousOfOwner;
        }

        waiter.NextOfOwner = waiter.PreviousOfOwner = null;
        WaiterCount--;
    }

    /// <summary>Reverses the last removal.</summary>
    /// <param name="waiter">Of this wait.</param>
    /// <param name="next">The one that came after it; null when it was the last.</param>
    public void PutBack(Waiter waiter, Waiter? next)
    {
        waiter.NextOfOwner = next;
        waiter.PreviousOfOwner = next is null ? LastWaiter : next.PreviousOfOwner;
        waiter.PreviousOfOwner?.NextOfOwner = waiter;
        next?.PreviousOfOwner = waiter;
        LastWaiter = next is null ? waiter : LastWaiter;
        WaiterCount++;
    }
}
