namespace Klock.Kernel.Claims;

/// <summary>Remembers for a while which leases expired or were revoked, so that a late holder is answered with the reason.</summary>
/// <remarks>Bounded by time and by number; a released lease is not remembered, its holder knows.</remarks>
internal sealed class EndedLeases
{
    /// <summary>How long an ended lease is remembered.</summary>
    public const long RememberedMs = 60 * 60 * 1000;

    /// <summary>How many ended leases are remembered at the most.</summary>
    public const int Capacity = 16_384;

    private readonly Dictionary<LeaseId, LeaseState> _states = [];
    private readonly Queue<(LeaseId Id, long EndedAtMs)> _order = new();

    public int Count => _order.Count;

    public void Add(LeaseId id, LeaseState state, long nowMs)
    {
        Forget(nowMs);
        if (_states.TryAdd(id, state))
        {
            _order.Enqueue((id, nowMs));
        }
    }

    /// <summary>How a lease ended; null when that is not remembered.</summary>
    public LeaseState? Find(LeaseId id) => _states.TryGetValue(id, out LeaseState state) ? state : null;

    private void Forget(long nowMs)
    {
        while (_order.TryPeek(out (LeaseId Id, long EndedAtMs) oldest)
            && (_order.Count >= Capacity || nowMs - oldest.EndedAtMs > RememberedMs))
        {
            _states.Remove(_order.Dequeue().Id);
        }
    }
}
