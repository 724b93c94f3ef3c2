namespace Klock.Kernel.Claims;

/// <summary>Which processes were warned that another one uses their session too. A store has one, for all tables that it loads.</summary>
/// <param name="areTwoLive">Whether two ids stand for two processes that both live; false where that is not known.</param>
public sealed class SharedSessions(Func<LeaseId, LeaseId, bool> areTwoLive)
{
    // Beyond it all are forgotten, and may be warned once more.
    private const int MostNotified = 1_024;

    private HashSet<(LeaseId Process, string AgentId, string SessionId)> _notified = [];

    internal bool WasNotified(Lease lease) => _notified.Contains(KeyOf(lease));

    internal void Add(Lease lease)
    {
        if (_notified.Count >= MostNotified)
        {
            _notified = [];
        }

        _notified.Add(KeyOf(lease));
    }

    /// <summary>What <see cref="TakeBack"/> needs to know of the time before an addition.</summary>
    internal object Notified => _notified;

    /// <summary>Reverses the last addition, of a lease that was not notified before.</summary>
    internal void TakeBack(Lease lease, object notifiedBefore)
    {
        _notified = (HashSet<(LeaseId Process, string AgentId, string SessionId)>)notifiedBefore;
        _notified.Remove(KeyOf(lease));
    }

    internal bool AreTwoLive(LeaseId one, LeaseId other) => areTwoLive(one, other);

    private static (LeaseId Process, string AgentId, string SessionId) KeyOf(Lease lease) =>
        (lease.BoundTo, lease.Session.Agent.Id, lease.Session.Id);
}
