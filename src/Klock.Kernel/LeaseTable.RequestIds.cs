using Klock.Kernel.Claims;

namespace Klock.Kernel;

/// <summary>
/// A request that is repeated under its id (idempotency key, KLIS-4): it answers the leases that it already got, so a lost answer
/// costs nothing.
/// </summary>
public sealed partial class LeaseTable
{
    /// <summary>Answers a request whose session has asked the same before; null when it has not, or may ask anew.</summary>
    private CommandStatus? AnswerRepeat(Session session, in AcquireRequest request, ref AcquireOutcome outcome)
    {
        if (ClaimsOf(session, request.RequestId) is not { } earlier)
        {
            return null;
        }

        if (!IsSameRequest(earlier, request.Wanted))
        {
            return CommandStatus.RequestIdReused;
        }

        _granted.AddRange(earlier.OfType<Lease>());
        if (outcome.IsGranted)
        {
            Repeat(_granted, request.BoundTo);
            return CommandStatus.Done;
        }

        if (request.Wait is not { } again)
        {
            return null;
        }

        CommandStatus room = RoomForWait(session, request.Wanted);
        outcome = room != CommandStatus.Done ? outcome
            : outcome with { Waiter = Enqueue(NewWaiter(session, request, again, session.FindWaiter(request.RequestId!))) };
        return room;
    }

    /// <summary>What a session was granted, or still waits for, under this name; null when that is nothing.</summary>
    private IReadOnlyList<Claim>? ClaimsOf(Session session, string? requestId)
    {
        if (requestId is null)
        {
            return null;
        }

        return (IReadOnlyList<Claim>?)_named.Find(session, requestId) ?? session.FindWaiter(requestId)?.Claims;
    }

    /// <summary>
    /// Another caller of a request gets the leases of the first: their ttl starts anew, and they stay when only one of
    /// the callers is gone. So what several processes asked for is bound to none.
    /// </summary>
    private void Repeat(List<Lease> leases, LeaseId boundTo)
    {
        foreach (Lease lease in leases)
        {
            SetBound(lease, lease.BoundTo == boundTo ? boundTo : default);
            RenewFromNow(lease);
        }
    }

    private static bool IsSameRequest(IReadOnlyList<Claim> claims, WantedLease[] wanted)
    {
        bool same = claims.Count == wanted.Length;
        for (int i = 0; same && i < wanted.Length; i++)
        {
            same = claims[i].Predicate == wanted[i].Predicate && claims[i].Resource.Equals(wanted[i].Resource);
        }

        return same;
    }

    // Its session asked twice, and the other request was granted first: both get the same leases.
    private bool TryGiveGranted(Waiter waiter)
    {
        if (_named.Find(waiter.Session, waiter.RequestId) is not { } leases)
        {
            return false;
        }

        if (leases[0].BoundTo != waiter.BoundTo)
        {
            Repeat(leases, waiter.BoundTo);
        }

        EndGranted(waiter);
        return true;
    }
}
