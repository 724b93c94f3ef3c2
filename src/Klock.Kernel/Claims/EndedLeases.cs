using Klock.Kernel.Queues;
using Klock.Kernel.Undo;

namespace Klock.Kernel.Claims;

/// <summary>Remembers for a while which leases expired or were revoked, so that a late holder is answered with the reason.</summary>
/// <remarks>Bounded by time and by number; a released lease is not remembered, its holder knows.</remarks>
internal sealed class EndedLeases(UndoLog undo)
{
    /// <summary>How long an ended lease is remembered.</summary>
    public const long RememberedMs = 60 * 60 * 1000;

    /// <summary>How many ended leases are remembered at the most.</summary>
    public const int Capacity = 16_384;

    private readonly Dictionary<LeaseId, LeaseState> _states = [];
    private readonly Ring<(LeaseId Id, long EndedAtMs)> _order = new();

    public int Count => _order.Count;

    /// <summary>All that are remembered, the first to be forgotten first.</summary>
    public IEnumerable<(LeaseId Id, LeaseState State, long EndedAtMs)> All =>
        _order.All.Select(ended => (ended.Id, _states[ended.Id], ended.EndedAtMs));

    public void Add(LeaseId id, LeaseState state, long nowMs)
    {
        Forget(nowMs);
        if (_states.TryAdd(id, state))
        {
            _order.Add((id, nowMs));
            if (undo.IsOn)
            {
                undo.Note(ChangeKind.EndAdded, this);
            }
        }
    }

    /// <summary>Takes back the last one that was added.</summary>
    public void TakeBackLast() => _states.Remove(_order.TakeBackLast().Id);

    /// <summary>Remembers again the last one that was forgotten.</summary>
    public void PutBackFirst(in (LeaseId Id, LeaseState State, long EndedAtMs) ended)
    {
        _states.Add(ended.Id, ended.State);
        _order.PutBackFirst((ended.Id, ended.EndedAtMs));
    }

    /// <summary>How a lease ended; null when that is not remembered.</summary>
    public LeaseState? Find(LeaseId id) => _states.TryGetValue(id, out LeaseState state) ? state : null;

    private void Forget(long nowMs)
    {
        while (_order.Count > 0 && (_order.Count >= Capacity || nowMs - _order.First.EndedAtMs > RememberedMs))
        {
            (LeaseId id, long endedAtMs) = _order.TakeFirst();
            _states.Remove(id, out LeaseState state);
            if (undo.IsOn)
            {
                undo.Note(ChangeKind.EndForgotten, this).Before = (id, state, endedAtMs);
            }
        }
    }
}
