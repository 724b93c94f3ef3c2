using Klock.Kernel.Claims;

namespace Klock.Kernel.Conflicts;

/// <summary>What stands in the way of one request, and the verdict that follows (KLIS-3, KLIS-5).</summary>
/// <remarks>
/// Wait-Die (<see cref="WaitDie"/>), extended from one holder to all of them: a request waits only when it is older than every session in
/// its way.
/// </remarks>
public sealed class ConflictSet
{
    /// <summary>How many conflicts are listed to a requester at the most.</summary>
    public const int ListedAtMost = 16;

    /// <summary>The longest pause advised to a refused requester, in ms.</summary>
    public const long LongestPauseMs = 1_000;

    private readonly List<Claim> _oldest = new(ListedAtMost);
    private readonly List<Line> _heldLines = [];
    private readonly PriorityQueue<int, Claim> _nextOfLine = new(Comparer<Claim>.Create(CompareListed));
    private readonly OldestOfLine _oldestOfLine;
    private Session? _requester;
    private long _firstExpiryMs;

    internal ConflictSet() => _oldestOfLine = new OldestOfLine(this);

    /// <summary>How many claims are in the way.</summary>
    public int Total { get; private set; }

    /// <summary>The most senior of them, the oldest first, at most <see cref="ListedAtMost"/>.</summary>
    public IReadOnlyList<Claim> Oldest => _oldest;

    /// <summary>The verdict.</summary>
    public Verdict Verdict { get; private set; }

    /// <summary>Rises with every request that is judged, so that each claim met can be marked as counted.</summary>
    internal long Round { get; private set; }

    /// <summary>How long a refused requester should pause, in ms: until the first lease in its way runs out, at most a second.</summary>
    /// <remarks>0 when that lease is overdue and is swept next: waits end before leases that end with them.</remarks>
    public long PauseMs(long nowMs)
    {
        long firstMs = _firstExpiryMs;
        foreach (Line line in _heldLines)
        {
            firstMs = Math.Min(firstMs, line.FirstEndMs(nowMs + LongestPauseMs, _requester!));
        }

        return Math.Clamp(firstMs - nowMs, 0, LongestPauseMs);
    }

    /// <summary>Starts over for a request of this session.</summary>
    internal void Reset(Session requester)
    {
        _requester = requester;
        Round++;
        _firstExpiryMs = long.MaxValue;
        Clear();
    }

    /// <summary>Removes what was added: it does not count after all.</summary>
    internal void Clear()
    {
        _oldest.Clear();
        _heldLines.Clear();
        Total = 0;
        Verdict = Verdict.Grant;
    }

    /// <summary>Adds a claim of another session that is in the way; once, also when several intents meet it.</summary>
    internal void Add(Claim claim)
    {
        if (claim.CountedInRound == Round)
        {
            return;
        }

        claim.CountedInRound = Round;
        Total++;
        Count(claim.Session);
        if (claim is Lease lease)
        {
            _firstExpiryMs = Math.Min(_firstExpiryMs, lease.ExpiresAtMs);
        }

        List(claim);
    }

    /// <summary>Adds those of a line that are of other sessions and have a lower number; once.</summary>
    /// <returns>Whether there are any.</returns>
    internal bool Add(Line line, long before)
    {
        bool isHeld = line.Oldest is Lease;
        int own = before == long.MaxValue ? line.CountOf(_requester!) : OwnBefore(line, before);
        int others = line.CountBefore(before) - own;
        if (others == 0 || line.CountedInRound == Round)
        {
            return others > 0;
        }

        line.CountedInRound = Round;
        Total += others;
        line.VisitOldestFirst(before, _nextOfLine, _oldestOfLine);
        if (isHeld)
        {
            _heldLines.Add(line);
        }

        return true;
    }

    private static int CompareListed(Claim? a, Claim? b)
    {
        int order = a!.Session.CompareSeniority(b!.Session);
        return order != 0 ? order : a.Number.CompareTo(b.Number);
    }

    private int OwnBefore(Line line, long before)
    {
        int own = 0;
        foreach (Waiter waiter in _requester!.Waiters)
        {
            if (waiter.IsQueued && waiter.Number < before)
            {
                own += waiter.Claims.Count(line.Has);
            }
        }

        return own;
    }

    private void Count(Session other) => Verdict = WaitDie.Against(Verdict, other, _requester!);

    // Returns whether it is among the oldest.
    private bool List(Claim claim)
    {
        int place = _oldest.Count;
        while (place > 0 && CompareListed(claim, _oldest[place - 1]) < 0)
        {
            place--;
        }

        if (place == ListedAtMost)
        {
            return false;
        }

        if (_oldest.Count == ListedAtMost)
        {
            _oldest.RemoveAt(ListedAtMost - 1);
        }

        _oldest.Insert(place, claim);
        return true;
    }

    /// <summary>Lists the oldest of a line; the first of them decides the verdict.</summary>
    private sealed class OldestOfLine(ConflictSet set) : IClaimVisitor
    {
        public bool Visit(Claim claim)
        {
            if (claim.Session == set._requester)
            {
                return true;
            }

            set.Count(claim.Session);
            return set.List(claim);
        }

        public bool VisitLine(Line line) => throw new NotSupportedException("a line has no lines");
    }
}
