using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Undo;

namespace Klock.Kernel;

/// <summary>
/// Two processes that use one session do not keep each other out. A pool may want that; otherwise it is a mistake, so an event reports it.
/// </summary>
public sealed partial class LeaseTable
{
    private readonly SharerFinder _sharerFinder = new();
    private SharedSessions? _sharing;

    /// <summary>
    /// Emits <see cref="EventKind.SessionShared"/> from now on: when a lease is granted that one of another process would have kept out,
    /// were it not of the same session. Once for each process and session.
    /// </summary>
    /// <param name="sharing">Knows the processes, and which were notified.</param>
    public void WatchForSharing(SharedSessions sharing) => _sharing = sharing;

    private void NoteSharing(Lease lease)
    {
        if (_sharing is not null && _bound.Processes.Count > 1
            && !_sharing.WasNotified(lease) && _sharerFinder.Find(_held, lease, _sharing))
        {
            _events.Next();
            SetShared(lease);
            EmitLease(EventKind.SessionShared, lease);
        }
    }

    private void SetShared(Lease lease)
    {
        if (_undo is { } undo)
        {
            undo.Note(ChangeKind.LeaseShared, lease).Before = _sharing?.Notified;
        }

        _sharing?.Add(lease);
        lease.IsOfSharedSession = true;
    }
}
