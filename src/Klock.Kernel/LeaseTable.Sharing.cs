using Klock.Kernel.Events;
using Klock.Kernel.Leases;

namespace Klock.Kernel;

/// <summary>A session that two processes use: neither keeps the other out, which pools want and others do not know of.</summary>
/// <remarks>
/// Told to the second of them, once: a grant compares the process it is bound to with that of the lease which the session got before. That
/// costs no look at other leases, and finds the first moment at which both hold something.
/// </remarks>
public sealed partial class LeaseTable
{
    // Beyond it all are forgotten, and may be told once more.
    private const int MostTold = 1_024;

    private readonly HashSet<(LeaseId Process, string AgentId, string SessionId)> _toldOfSharing = [];
    private Func<LeaseId, LeaseId, bool>? _areTwoLive;

    /// <summary>Emits <see cref="EventKind.SessionShared"/> from now on.</summary>
    /// <param name="areTwoLive">Whether two ids stand for two processes that both live; false where that is not known.</param>
    public void WatchForSharing(Func<LeaseId, LeaseId, bool> areTwoLive) => _areTwoLive = areTwoLive;

    private void NoteSharing(Lease lease)
    {
        if (_areTwoLive is null || lease.NextInSession is not { } before || before.BoundTo == default || before.BoundTo == lease.BoundTo
            || _toldOfSharing.Contains(SharingOf(lease)) || !_areTwoLive(before.BoundTo, lease.BoundTo))
        {
            return;
        }

        NextSequence();
        SetShared(lease);
        EmitLease(EventKind.SessionShared, lease);
    }

    private void SetShared(Lease lease)
    {
        if (_toldOfSharing.Count >= MostTold)
        {
            _toldOfSharing.Clear();
        }

        _toldOfSharing.Add(SharingOf(lease));
        lease.IsOfSharedSession = true;
    }

    private static (LeaseId Process, string AgentId, string SessionId) SharingOf(Lease lease) =>
        (lease.BoundTo, lease.Session.Agent.Id, lease.Session.Id);
}
