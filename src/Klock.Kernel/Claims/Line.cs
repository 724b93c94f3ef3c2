using Klock.Kernel.Conflicts;
using Klock.Kernel.Invariants;
using Klock.Kernel.Undo;

namespace Klock.Kernel.Claims;

/// <summary>
/// Many claims of one strength on one name: all of them conflict with the same requests, so they can be judged as one. Ordered by
/// number; the oldest session of any range is found in logarithmic time.
/// </summary>
/// <remarks>
/// A tournament tree (Knuth, "The Art of Computer Programming" 3, 5.4.1) over places that are filled from the front: a node's winner is the
/// claim of the oldest session beneath it. Adding, removing, counting those before a number, and finding the first that is older than
/// some session each take a path from a leaf to the root.
/// </remarks>
internal sealed class Line(ResourceNode name, int strength, bool isSubtree, UndoLog undo)
{
    /// <summary>What <see cref="NotedFrom"/> is while it is not noted.</summary>
    public const long NotNoted = long.MaxValue;

    private const int FewestPlaces = 64;
    private const int Root = 1;

    private readonly Dictionary<Session, int> _ofSession = [];

    // Leaves are the second half; the children of node i are 2i and 2i + 1.
    private Claim?[] _winners = new Claim?[2 * FewestPlaces];
    private int[] _counts = new int[2 * FewestPlaces];
    private long[] _numbers = new long[FewestPlaces];
    private long _firstEndMs = long.MaxValue;

    public int Strength { get; } = strength;

    /// <summary>How many there are.</summary>
    public int Count => _counts[Root];

    /// <summary>The claim of the oldest session; of several claims of that session the first; null when there is none.</summary>
    public Claim? Oldest => _winners[Root];

    /// <summary>The first place that was never filled.</summary>
    public int End { get; private set; }

    /// <summary>The last round of <see cref="ConflictSet"/> that counted it.</summary>
    public long CountedInRound { get; set; }

    /// <summary>For parked claims: a claim in their way whose session is older than all of theirs, while that claim stands.</summary>
    public SeenClaim Elder { get; set; }

    /// <summary>For parked claims: those before this place have been passed often enough to be senior.</summary>
    public int UnagedFrom { get; set; }

    /// <summary>While the line is noted to be judged again: no claim with a lower number need be.</summary>
    public long NotedFrom { get; set; } = NotNoted;

    /// <summary>Whether the line is noted to be judged again.</summary>
    public bool IsNoted => NotedFrom != NotNoted;

    /// <summary>A number that no lease expires before, in ms since 1970.</summary>
    public long FirstEndAtLeastMs => _firstEndMs;

    private int Places => _numbers.Length;

    /// <summary>The claim in a place; null when it is empty.</summary>
    public Claim? this[int place] => _winners[Places + place];

    /// <summary>The number of the claim that is or was in a place.</summary>
    public long NumberAt(int place) => _numbers[place];

    public bool Has(Claim claim) => claim.Node == name && claim.Strength == Strength && claim.Resource.IsSubtree == isSubtree;

    /// <summary>How many claims of a session it has.</summary>
    public int CountOf(Session session) => _ofSession.GetValueOrDefault(session);

    /// <summary>Adds a claim whose number is higher than those of all others.</summary>
    public void Add(Claim claim)
    {
        if (End == Places)
        {
            Rebuild();
        }

        Invariant.Require(claim.Place < 0 && (End == 0 || _numbers[End - 1] <= claim.Number), "a line is in the order of its numbers");
        claim.Place = End++;
        _numbers[claim.Place] = claim.Number;
        _ofSession[claim.Session] = CountOf(claim.Session) + 1;
        Set(claim.Place, claim, +1);
        if (claim is Lease lease)
        {
            NoteEnd(lease.ExpiresAtMs);
        }
    }

    public void Remove(Claim claim)
    {
        Invariant.Require((uint)claim.Place < (uint)End && this[claim.Place] == claim, "what leaves a line stands there");
        Set(claim.Place, null, -1);
        claim.Place = -1;
        int left = CountOf(claim.Session) - 1;
        if (left == 0)
        {
            _ofSession.Remove(claim.Session);
        }
        else
        {
            _ofSession[claim.Session] = left;
        }
    }

    /// <summary>Takes back the last claim that was added.</summary>
    public void TakeBack(Claim claim)
    {
        Invariant.Require(claim.Place == End - 1, "what is taken back from a line came last");
        Remove(claim);
        End--;
    }

    /// <summary>Puts a claim back in its place, which is empty since it was removed.</summary>
    public void PutBack(Claim claim, int place)
    {
        Invariant.Require(claim.Place < 0 && place < End && this[place] is null, "what comes back to a line finds its place empty");
        claim.Place = place;
        _ofSession[claim.Session] = CountOf(claim.Session) + 1;
        Set(place, claim, +1);
        if (claim is Lease lease)
        {
            NoteEnd(lease.ExpiresAtMs);
        }
    }

    /// <summary>Recomputes the winners above a claim whose session's seniority has changed.</summary>
    public void Update(Claim claim) => Set(claim.Place, claim, 0);

    /// <summary>Recomputes all winners, and removes empty places.</summary>
    public void Rebuild()
    {
        int places = FewestPlaces;
        while (places < 2 * Count)
        {
            places *= 2;
        }

        NoteRebuild();
        (Claim?[] before, int end, int unagedFrom) = (_winners[Places..], End, UnagedFrom);
        (_winners, _counts, _numbers) = (new Claim?[2 * places], new int[2 * places], new long[places]);
        End = UnagedFrom = 0;
        for (int place = 0; place < end; place++)
        {
            if (before[place] is { } claim)
            {
                UnagedFrom += place < unagedFrom ? 1 : 0;
                claim.Place = End;
                _numbers[End] = claim.Number;
                (_winners[places + End], _counts[places + End]) = (claim, 1);
                End++;
            }
        }

        for (int node = places - 1; node >= Root; node--)
        {
            _winners[node] = Older(_winners[2 * node], _winners[(2 * node) + 1]);
            _counts[node] = _counts[2 * node] + _counts[(2 * node) + 1];
        }
    }

    /// <summary>Reverses the last <see cref="Rebuild"/>, by what it noted.</summary>
    public void TakeBackRebuild(in Change rebuilt)
    {
        (_winners, _counts, _numbers) = ((Claim?[])rebuilt.Before!, (int[])rebuilt.Node!, (long[])rebuilt.BeforeOnNode!);
        (End, UnagedFrom) = ((int)rebuilt.Number, (int)rebuilt.Other);
        for (int place = 0; place < End; place++)
        {
            this[place]?.Place = place;
        }
    }

    /// <summary>How many have a lower number.</summary>
    public int CountBefore(long number)
    {
        int before = 0;
        for (int node = Places + PlaceOf(number); node > Root; node /= 2)
        {
            before += node % 2 == 1 ? _counts[node - 1] : 0;
        }

        return PlaceOf(number) == Places ? Count : before;
    }

    /// <summary>The last one with a lower number; null when there is none.</summary>
    public Claim? LastBefore(long number)
    {
        int node = Places + PlaceOf(number);
        if (PlaceOf(number) < Places)
        {
            // Up to the nearest node whose left neighbour has any.
            while (node > Root && (node % 2 == 0 || _counts[node - 1] == 0))
            {
                node /= 2;
            }

            node--;
        }
        else
        {
            node = Count == 0 ? 0 : Root;
        }

        if (node < Root)
        {
            return null;
        }

        while (node < Places)
        {
            node = _counts[(2 * node) + 1] > 0 ? (2 * node) + 1 : 2 * node;
        }

        return _winners[node];
    }

    /// <summary>The first one from a place on that is older than a session; the first of all when that is null.</summary>
    public Claim? FirstOlderThan(Session? session, int from = 0)
    {
        if (from >= End)
        {
            return null;
        }

        int node = Places + from;
        while (!HasOlder(node, session))
        {
            while (node % 2 == 1)
            {
                node /= 2;
            }

            if (node == 0)
            {
                return null;
            }

            node++;
        }

        while (node < Places)
        {
            node = HasOlder(2 * node, session) ? 2 * node : (2 * node) + 1;
        }

        return _winners[node];
    }

    /// <summary>Passes the claims with a lower number to the visitor, the oldest first, until it returns false.</summary>
    /// <param name="before">The number.</param>
    /// <param name="next">An empty queue, whose order is that of claims.</param>
    /// <param name="visitor">The visitor.</param>
    public void VisitOldestFirst(long before, PriorityQueue<int, Claim> next, IClaimVisitor visitor)
    {
        int end = PlaceOf(before);
        for (int node = end == Places ? 2 : Places + end; node > Root; node /= 2)
        {
            Enqueue(next, end == Places ? Root : node % 2 == 1 ? node - 1 : 0);
        }

        while (next.TryDequeue(out int node, out Claim? claim))
        {
            if (node < Places)
            {
                Enqueue(next, 2 * node);
                Enqueue(next, (2 * node) + 1);
            }
            else if (!visitor.Visit(claim))
            {
                next.Clear();
            }
        }
    }

    /// <summary>Records that one of the leases expires at this time, in ms since 1970, which may be earlier than before.</summary>
    public void NoteEnd(long endMs) => _firstEndMs = Math.Min(_firstEndMs, endMs);

    /// <summary>When the first lease of another session expires, exact if that is before some time, in ms since 1970.</summary>
    public long FirstEndMs(long beforeMs, Session notOf)
    {
        if (_firstEndMs >= beforeMs)
        {
            return _firstEndMs;
        }

        // Renewed leases expire later than was recorded, so the minimum is computed again.
        long ofOthers = _firstEndMs = long.MaxValue;
        for (int place = 0; place < End; place++)
        {
            if (this[place] is Lease lease)
            {
                NoteEnd(lease.ExpiresAtMs);
                ofOthers = lease.Session == notOf ? ofOthers : Math.Min(ofOthers, lease.ExpiresAtMs);
            }
        }

        return ofOthers;
    }

    private static Claim? Older(Claim? left, Claim? right) =>
        left is null || (right is not null && left.Session.CompareSeniority(right.Session) > 0) ? right : left;

    // What is rebuilt is copied, so that the arrays stay as they were.
    private void NoteRebuild()
    {
        if (undo.IsOn)
        {
            ref Change change = ref undo.Note(ChangeKind.LineRebuilt, this);
            (change.Before, change.Node, change.BeforeOnNode) = (_winners, _counts, _numbers);
            (change.Number, change.Other) = (End, UnagedFrom);
        }
    }

    private void Enqueue(PriorityQueue<int, Claim> next, int node)
    {
        if (_winners[node] is { } winner)
        {
            next.Enqueue(node, winner);
        }
    }

    private bool HasOlder(int node, Session? session) =>
        _winners[node] is { } winner && (session is null || winner.Session.CompareSeniority(session) < 0);

    private void Set(int place, Claim? claim, int change)
    {
        int node = Places + place;
        _winners[node] = claim;
        _counts[node] += change;
        for (node /= 2; node >= Root; node /= 2)
        {
            _counts[node] += change;
            _winners[node] = Older(_winners[2 * node], _winners[(2 * node) + 1]);
        }
    }

    // The first place whose number is not lower; all of them when there is none. Empty places keep their numbers.
    private int PlaceOf(long number)
    {
        if (End == 0 || _numbers[End - 1] < number)
        {
            return Places;
        }

        int place = Array.BinarySearch(_numbers, 0, End, number);
        place = place < 0 ? ~place : place;
        while (place > 0 && _numbers[place - 1] == number)
        {
            place--;
        }

        return place;
    }
}
