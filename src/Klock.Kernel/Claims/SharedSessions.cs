namespace Klock.Kernel.Claims;

/// <summary>Which processes were told that another one uses their session too. A store has one, for all tables that it loads.</summary>
/// <param name="areTwoLive">Whether two ids stand for two processes that both live; false where that is not known.</param>
public sealed class SharedSessions(Func<LeaseId, LeaseId, bool> areTwoLive)
{
    // Beyond it all are forgotten, and may be told once more.
    private const int MostTold = 1_024;

    private readonly HashSet<(LeaseId Process, string AgentId, string SessionId)> _told = [];

    internal bool WasTold(Lease lease) => _told.Contains(KeyOf(lease));

    internal void Add(Lease lease)
    {
        if (_told.Count >= MostTold)
        {
            _told.Clear();
        }

        _told.Add(KeyOf(lease));
    }

    internal bool AreTwoLive(LeaseId one, LeaseId other) => areTwoLive(one, other);

    private static (LeaseId Process, string AgentId, string SessionId) KeyOf(Lease lease) =>
        (lease.BoundTo, lease.Session.Agent.Id, lease.Session.Id);
}
