using Klock.Kernel.Claims;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>
/// What is due at one time, in its order (KLIS-4): overdue waits end, then overdue leases, then those are granted whom that frees; and then
/// the command is judged.
/// </summary>
public sealed partial class LeaseTable
{
    /// <summary>Does what is due at this time. Returns how many leases ran out.</summary>
    public int Advance(long nowMs)
    {
        NowMs = Later(nowMs);
        if (WaiterCount > 0)
        {
            EndOverdueWaits();
        }

        int expired = 0;
        for (; _leaseExpiries.FirstExpiresAtMs <= NowMs; expired++)
        {
            End(_leaseExpiries.First!, LeaseState.Expired);
        }

        Settle();
        return expired;
    }

    private void EndOverdueWaits()
    {
        while (_ownerExpiries.FirstExpiresAtMs <= NowMs)
        {
            EndDeadWaitsOf(_ownerExpiries.First!);
        }

        while (_waitExpiries.FirstExpiresAtMs <= NowMs)
        {
            EndWait(_waitExpiries.First!, WaitOutcome.TimedOut);
        }
    }

    // The waits of a process whose keep-alive ran out end with it, but for those whose sessions are renewed by somebody.
    private void EndDeadWaitsOf(WaitOwner owner)
    {
        foreach (Waiter dead in owner.Waiters.Where(waiter => waiter.AliveUntilMs <= NowMs).ToList())
        {
            EndWait(dead, WaitOutcome.OwnerGone);
        }

        if (owner.WaiterCount > 0)
        {
            owner.ExpiresAtMs = owner.Waiters.Min(waiter => waiter.KeptUntilMs);
            _ownerExpiries.Update(owner);
        }
    }
}
