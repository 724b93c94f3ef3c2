using Klock.Kernel.Leases;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>What time brings.</summary>
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
            EndWaitsOf(_ownerExpiries.First!, WaitOutcome.OwnerGone);
        }

        while (_waitExpiries.FirstExpiresAtMs <= NowMs)
        {
            EndWait(_waitExpiries.First!, WaitOutcome.TimedOut);
        }
    }
}
