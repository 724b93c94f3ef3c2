using Klock.Agents.Memory;
using Klock.Client.Holding;

namespace Klock.Agents.Claims;

/// <summary>The claims of this process. They are renewed as long as they are in it. Thread-safe.</summary>
/// <remarks>
/// A lease that an agent relies on needs a holder that stops its work when it is lost (docs/architecture.md, "Holding a lease"). A model
/// cannot be stopped, only told at its next call; so here one thread renews the claims of all agents, and notes what was lost.
/// </remarks>
internal sealed class ClaimBook : IDisposable
{
    /// <summary>How long the lease of a claim lasts when nobody renews it, in ms.</summary>
    public const long TtlMs = 60_000;

    /// <summary>How many claims a connection may have.</summary>
    public const int MostClaims = 1_024;

    private const int MostLost = 64;
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, Entry> _none = [];

    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, Entry>> _claims = new(StringComparer.Ordinal); // by connection, by lease
    private readonly List<Claim> _lost = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <param name="clock">The clock.</param>
    public ClaimBook(TimeProvider clock)
    {
        _clock = clock;
        _thread = new Thread(Keep) { IsBackground = true, Name = "claims" };
        _thread.Start();
    }

    /// <summary>The claims of an agent over a connection, the earliest first.</summary>
    public IReadOnlyList<Claim> Of(string connection, string agent)
    {
        lock (_lock)
        {
            return
            [
                .. Over_NeedsLock(connection).Values.Select(entry => entry.Claim).Where(claim => claim.Agent == agent)
                    .OrderBy(claim => claim.SinceMs).ThenBy(claim => claim.Name, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>How many claims there are over a connection.</summary>
    public int CountOf(string connection)
    {
        lock (_lock)
        {
            return Over_NeedsLock(connection).Count;
        }
    }

    /// <summary>Adds a claim that was granted just now.</summary>
    public void Add(Claim claim)
    {
        lock (_lock)
        {
            if (!_claims.TryGetValue(claim.Connection, out Dictionary<string, Entry>? claims))
            {
                _claims.Add(claim.Connection, claims = new Dictionary<string, Entry>(StringComparer.Ordinal));
            }

            claims[claim.LeaseId] = new Entry(claim) { RenewedAt = _clock.GetTimestamp() };
        }
    }

    /// <summary>Ends a claim. Returns whether it was still there.</summary>
    public bool End(Claim claim)
    {
        lock (_lock)
        {
            if (!Remove_NeedsLock(claim))
            {
                return false;
            }
        }

        claim.Leases.Release(claim.LeaseId);
        Forget(claim);
        return true;
    }

    /// <summary>Ends all claims over a connection. What cannot be released ends by its ttl.</summary>
    public void EndConnection(string connection) => EndAll(claim => claim.Connection == connection);

    /// <summary>Ends all claims that are meant.</summary>
    public void EndAll(Func<Claim, bool> isMeant)
    {
        List<Claim> all;
        lock (_lock)
        {
            all = [.. All_NeedsLock().Select(entry => entry.Claim).Where(isMeant)];
            _lost.RemoveAll(claim => isMeant(claim));
        }

        foreach (Claim claim in all)
        {
            try
            {
                End(claim);
            }
            catch (Exception)
            {
                // The store fails: nobody is there to be told.
            }
        }
    }

    /// <summary>Takes out the claims of an agent that have ended by themselves: revoked, or not renewed in time.</summary>
    public IReadOnlyList<Claim> TakeLost(string connection, string agent)
    {
        lock (_lock)
        {
            List<Claim> lost = _lost.FindAll(claim => claim.Connection == connection && claim.Agent == agent);
            _lost.RemoveAll(lost.Contains);
            return lost;
        }
    }

    /// <summary>Renews a claim. Returns whether it is still there.</summary>
    public bool Renew(Claim claim)
    {
        long now = _clock.GetTimestamp();
        bool isThere = claim.Leases.Renew(claim.LeaseId, TtlMs);
        lock (_lock)
        {
            if (!_claims.TryGetValue(claim.Connection, out Dictionary<string, Entry>? claims)
                || !claims.TryGetValue(claim.LeaseId, out Entry? entry))
            {
                return false;
            }

            entry.RenewedAt = now;
            if (isThere)
            {
                return true;
            }

            Remove_NeedsLock(claim);
            _lost.Add(claim);
            if (_lost.Count > MostLost)
            {
                _lost.RemoveAt(0);
            }
        }

        Forget(claim);
        return false;
    }

    /// <summary>Stops renewing.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private IEnumerable<Entry> All_NeedsLock() => _claims.Values.SelectMany(claims => claims.Values);

    private Dictionary<string, Entry> Over_NeedsLock(string connection) => _claims.GetValueOrDefault(connection) ?? _none;

    private bool Remove_NeedsLock(Claim claim)
    {
        if (!_claims.TryGetValue(claim.Connection, out Dictionary<string, Entry>? claims) || !claims.Remove(claim.LeaseId))
        {
            return false;
        }

        if (claims.Count == 0)
        {
            _claims.Remove(claim.Connection);
        }

        return true;
    }

    private void Keep()
    {
        TimeSpan period = HoldingRules.Renewal(TimeSpan.FromMilliseconds(TtlMs));
        while (!_stop.Wait(_look))
        {
            List<Claim> due;
            lock (_lock)
            {
                due = [.. All_NeedsLock().Where(entry => _clock.GetElapsedTime(entry.RenewedAt) >= period).Select(entry => entry.Claim)];
            }

            foreach (Claim claim in due)
            {
                TryRenew(claim);
            }
        }
    }

    private void TryRenew(Claim claim)
    {
        try
        {
            Renew(claim);
        }
        catch (Exception)
        {
            // The store or the server fails for now: again in a second. If it stays so the lease ends, and that is found then.
        }
    }

    // Only a note for hooks: a claim is over without it too.
    private static void Forget(Claim claim)
    {
        if (claim.Where is { } place)
        {
            using var memory = AgentMemory.Open(place);
            memory.RemoveClaim(claim.LeaseId);
        }
    }

    private sealed class Entry(Claim claim)
    {
        public Claim Claim { get; } = claim;

        public long RenewedAt { get; set; }
    }
}
