using Klock.Kernel.Claims;

namespace Klock.Kernel;

/// <summary>What would be too much.</summary>
public sealed partial class LeaseTable
{
    /// <summary>How much it takes on.</summary>
    public TableLimits Limits { get; init; } = new();

    /// <summary>Why so many leases more would be too many; <see cref="CommandStatus.Done"/> when they are not.</summary>
    private CommandStatus RoomForLeases(Session session, int more) =>
        _leases.Count + more > Limits.Leases ? CommandStatus.TooManyLeases
        : session.LeaseCount + more > Limits.SessionLeases ? CommandStatus.TooManyLeasesOfSession
        : CommandStatus.Done;

    /// <summary>Why one request more that waits would be too many; <see cref="CommandStatus.Done"/> when it is not.</summary>
    private CommandStatus RoomForWait(Session session, ReadOnlySpan<WantedLease> wanted)
    {
        if (_waiters.Count >= Limits.Waits)
        {
            return CommandStatus.TooManyWaits;
        }

        if (session.Waiters.Count >= Limits.SessionWaits)
        {
            return CommandStatus.TooManyWaitsOfSession;
        }

        foreach (ref readonly WantedLease each in wanted)
        {
            if (_queued.CountOn(each.Resource) + _parked.CountOn(each.Resource) >= Limits.NameWaits)
            {
                return CommandStatus.TooManyWaitsForName;
            }
        }

        return CommandStatus.Done;
    }
}
