using System.Runtime.CompilerServices;
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
    public int Advance(long nowMs) => AdvanceAtMost(nowMs, int.MaxValue);

    /// <summary>
    /// Does at most so much of what is due at this time, and the rest the next time, in the order in which all at once would do it. It
    /// is done when <see cref="NextDueMs"/> is later than the time.
    /// </summary>
    /// <remarks>
    /// <para>For a store whose journal takes only so many events at a time. Whom the endings free is granted with the last of them: not
    /// before everything overdue is out of the way, since else one that is overdue itself could be granted, or one that came later. So the
    /// last call may make more events than endings, and if those are more than <see cref="FreesAtMost"/>, it is not the last one.</para>
    /// <para>Every command still ends all that is overdue before it is judged, in one go. A store that wants that bounded too calls this
    /// until it is done, each time with the same time, and runs the command then.</para>
    /// </remarks>
    /// <param name="nowMs">The time, in ms since 1970.</param>
    /// <param name="most">How many waits and leases may end, from 1. A wait to change a lease ends with it when that runs out, uncounted.
    /// </param>
    /// <returns>How many leases ran out.</returns>
    public int Advance(long nowMs, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return AdvanceAtMost(nowMs, most);
    }

    // Every command begins with it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AdvanceAtMost(long nowMs, int most)
    {
        NowMs = Later(nowMs);
        bool isBounded = most < int.MaxValue;
        if (WaiterCount > 0)
        {
            most -= EndOverdueWaits(most);
        }

        int expired = 0;
        for (; expired < most && _leaseExpiries.FirstExpiresAtMs <= NowMs; expired++)
        {
            End(_leaseExpiries.First!, LeaseState.Expired);
        }

        if (_due.Any && NextEndMs > NowMs)
        {
            SettleAtMost(isBounded ? FreesAtMost : int.MaxValue);
        }

        return expired;
    }

    /// <returns>How many ended.</returns>
    private int EndOverdueWaits(int most)
    {
        int ended = 0;
        while (ended < most && _ownerExpiries.FirstExpiresAtMs <= NowMs)
        {
            ended += EndDeadWaitsOf(_ownerExpiries.First!, most - ended);
        }

        while (ended < most && _waitExpiries.FirstExpiresAtMs <= NowMs)
        {
            EndWait(_waitExpiries.First!, WaitOutcome.TimedOut);
            ended++;
        }

        return ended;
    }

    // The waits of a process whose keep-alive ran out end with it, but for those whose sessions are renewed by somebody.
    private int EndDeadWaitsOf(WaitOwner owner, int most)
    {
        List<Waiter> all = [.. owner.Waiters.Where(waiter => waiter.AliveUntilMs <= NowMs).Take(most)];
        foreach (Waiter dead in all)
        {
            EndWait(dead, WaitOutcome.OwnerGone);
        }

        if (owner.WaiterCount > 0 && all.Count < most)
        {
            SetOwner(owner, owner.AliveUntilMs, expiresAtMs: owner.Waiters.Min(waiter => waiter.KeptUntilMs));
        }

        return all.Count;
    }
}
