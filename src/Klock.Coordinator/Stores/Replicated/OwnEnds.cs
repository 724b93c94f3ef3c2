using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>When those leases end whose last event one store wrote, and those waits that are held by it. Not thread-safe.</summary>
/// <param name="store">The id under which it writes and waits.</param>
internal sealed class OwnEnds(LeaseId store)
{
    // So many are not worth being cleared away.
    private const int Spare = 1_024;

    private readonly Dictionary<LeaseId, long> _ends = [];

    // Also has times that do not hold any more.
    private readonly PriorityQueue<LeaseId, long> _inOrder = new();

    /// <summary>When the first one ends, in ms since 1970; the end of time when there is none.</summary>
    public long FirstMs
    {
        get
        {
            while (_inOrder.TryPeek(out LeaseId id, out long endsAtMs))
            {
                if (_ends.TryGetValue(id, out long holds) && holds == endsAtMs)
                {
                    return endsAtMs;
                }

                _inOrder.Dequeue();
            }

            return long.MaxValue;
        }
    }

    /// <summary>Something has happened.</summary>
    /// <param name="happened">What, with times of the store's clock.</param>
    /// <param name="writer">Who wrote it.</param>
    public void Note(in Event happened, LeaseId writer)
    {
        switch (happened.Kind)
        {
            case EventKind.Granted or EventKind.Renewed or EventKind.Changed:
                Set(happened.LeaseId, happened.ExpiresAtMs, writer == store);
                break;
            case EventKind.Queued or EventKind.Parked:
                Set(happened.Wait!.Id, happened.Wait.DeadlineMs, happened.Wait.OwnerId == store);
                break;
            case EventKind.Released or EventKind.Expired or EventKind.Revoked:
                _ends.Remove(happened.LeaseId);
                break;
            case EventKind.WaitEnded:
                _ends.Remove(happened.Wait!.Id);
                break;
            default:
                break;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _ends.Clear();
        _inOrder.Clear();
    }

    private void Set(LeaseId id, long endsAtMs, bool isOwn)
    {
        if (!isOwn)
        {
            _ends.Remove(id);
            return;
        }

        _ends[id] = endsAtMs;
        _inOrder.Enqueue(id, endsAtMs);
        if (_inOrder.Count > (2 * _ends.Count) + Spare)
        {
            _inOrder.Clear();
            _inOrder.EnqueueRange(_ends.Select(static end => (end.Key, end.Value)));
        }
    }
}
