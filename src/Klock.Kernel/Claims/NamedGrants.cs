namespace Klock.Kernel.Claims;

/// <summary>What each session was granted under a request id (idempotency key, KLIS-4), while it holds it.</summary>
internal sealed class NamedGrants
{
    private readonly Dictionary<(Session Session, string RequestId), List<Lease>> _leases = [];

    /// <summary>How many requests are known by an id.</summary>
    public int Count => _leases.Count;

    /// <summary>The leases that a session was granted under a request id, in the order of their grants; null when there are none.</summary>
    public List<Lease>? Find(Session session, string? requestId) =>
        requestId is null ? null : _leases.GetValueOrDefault((session, requestId));

    /// <summary>Adds a lease whose request had an id. Replicas may add those of one request in any order.</summary>
    public void Add(Lease lease)
    {
        var key = (lease.Session, lease.RequestId!);
        if (!_leases.TryGetValue(key, out List<Lease>? leases))
        {
            _leases.Add(key, leases = new List<Lease>(1));
        }

        int place = leases.Count;
        while (place > 0 && leases[place - 1].FirstToken > lease.FirstToken)
        {
            place--;
        }

        leases.Insert(place, lease);
    }

    /// <summary>Removes a lease that ends, if its request had an id.</summary>
    public void Remove(Lease lease)
    {
        if (lease.RequestId is null)
        {
            return;
        }

        var key = (lease.Session, lease.RequestId);
        List<Lease> leases = _leases[key];
        leases.Remove(lease);
        if (leases.Count == 0)
        {
            _leases.Remove(key);
        }
    }
}
