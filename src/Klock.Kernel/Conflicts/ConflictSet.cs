using Klock.Kernel.Agents;
using Klock.Kernel.Leases;

namespace Klock.Kernel.Conflicts;

/// <summary>What stands in the way of one request, and the verdict that follows (KLIS-3, KLIS-5).</summary>
/// <remarks>
/// Rosenkrantz, Stearns and Lewis, "System level concurrency control for distributed database systems", ACM TODS 3(2), 1978,
/// section 4 (Wait-Die), extended from one holder to all of them: a request waits only when it is older than every session in
/// its way, so every wait runs from older to younger and no circle can close.
/// </remarks>
public sealed class ConflictSet
{
    /// <summary>How many conflicts are listed to a requester at the most.</summary>
    public const int ListedAtMost = 16;

    /// <summary>The longest pause advised to a refused requester, in ms.</summary>
    public const long LongestPauseMs = 1_000;

    private readonly List<Claim> _oldest = new(ListedAtMost);
    private Session? _requester;
    private long _firstExpiryMs;
    private long _round;

    internal ConflictSet()
    {
    }

    /// <summary>How many claims are in the way.</summary>
    public int Total { get; private set; }

    /// <summary>The most senior of them, the oldest first, at most <see cref="ListedAtMost"/>.</summary>
    public IReadOnlyList<Claim> Oldest => _oldest;

    /// <summary>The verdict.</summary>
    public Verdict Verdict { get; private set; }

    /// <summary>How long a refused requester should pause, in ms: until the first lease in its way runs out, at most a second.</summary>
    /// <remarks>0 when that has run out and is swept next: waits end before leases that end with them.</remarks>
    public long PauseMs(long nowMs) => Math.Clamp(_firstExpiryMs - nowMs, 0, LongestPauseMs);

    /// <summary>Starts over for a request of this session.</summary>
    internal void Reset(Session requester)
    {
        _requester = requester;
        _round++;
        _firstExpiryMs = long.MaxValue;
        Clear();
    }

    /// <summary>Takes back what was added: it does not count after all.</summary>
    internal void Clear()
    {
        _oldest.Clear();
        Total = 0;
        Verdict = Verdict.Grant;
    }

    /// <summary>Adds a claim of another session that is in the way; once, also when several intents meet it.</summary>
    internal void Add(Claim claim)
    {
        if (claim.CountedInRound == _round)
        {
            return;
        }

        claim.CountedInRound = _round;
        Total++;
        Verdict needed = _requester!.CompareSeniority(claim.Session) < 0 ? Verdict.Wait : Verdict.Die;
        Verdict = needed > Verdict ? needed : Verdict;
        if (claim is Lease lease)
        {
            _firstExpiryMs = Math.Min(_firstExpiryMs, lease.ExpiresAtMs);
        }

        List(claim);
    }

    private void List(Claim claim)
    {
        int place = _oldest.Count;
        while (place > 0 && IsListedBefore(claim, _oldest[place - 1]))
        {
            place--;
        }

        if (place == ListedAtMost)
        {
            return;
        }

        if (_oldest.Count == ListedAtMost)
        {
            _oldest.RemoveAt(ListedAtMost - 1);
        }

        _oldest.Insert(place, claim);
    }

    private static bool IsListedBefore(Claim a, Claim b)
    {
        int order = a.Session.CompareSeniority(b.Session);
        return order != 0 ? order < 0 : a.Number < b.Number;
    }
}
