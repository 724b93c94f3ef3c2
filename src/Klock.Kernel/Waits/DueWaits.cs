using Klock.Kernel.Claims;
using Klock.Kernel.Invariants;

namespace Klock.Kernel.Waits;

/// <summary>The requests that must be judged again, each once: first the queue, then the parked, each in order of arrival.</summary>
internal sealed class DueWaits
{
    // A list with an index in each waiter, so that one that ends leaves it at once: a replica may apply many events before it judges.
    private readonly List<Waiter> _noted = [];
    private readonly PriorityQueue<Waiter, long> _queued = new();
    private readonly PriorityQueue<Waiter, long> _parked = new();
    private readonly PriorityQueue<Line, long> _lines = new();

    // Those noted when it began to be tentative; mostly nobody.
    private Waiter[] _notedBefore = [];
    private (Line Line, long Number)[] _linesBefore = [];

    public bool Any => _noted.Count > 0 || _queued.Count > 0 || _parked.Count > 0 || _lines.Count > 0;

    public void Note(Waiter waiter)
    {
        if (waiter.NotedAt < 0)
        {
            waiter.NotedAt = _noted.Count;
            _noted.Add(waiter);
        }
    }

    /// <summary>Notes a parked line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">No claim of it with a lower number need be judged.</param>
    public void Note(Line line, long number = 0)
    {
        // A lower number counts: a claim passed meanwhile may be earlier than the one that was to be next.
        if (!line.IsNoted || number < line.NotedFrom)
        {
            line.NotedFrom = number;
            _lines.Enqueue(line, number);
        }
    }

    /// <summary>Removes one that has ended.</summary>
    public void Forget(Waiter waiter)
    {
        if (waiter.NotedAt < 0)
        {
            return;
        }

        Waiter last = _noted[^1];
        _noted[waiter.NotedAt] = last;
        last.NotedAt = waiter.NotedAt;
        _noted.RemoveAt(_noted.Count - 1);
        waiter.NotedAt = -1;
    }

    /// <summary>Remembers who is noted, to come back to that.</summary>
    public void BeginTentative()
    {
        if (Any)
        {
            Invariant.Require(_queued.Count == 0 && _parked.Count == 0, "nobody is being judged between two commands");
            (_notedBefore, _linesBefore) = ([.. _noted], [.. NotedLines]);
        }
    }

    /// <summary>Forgets what it remembered.</summary>
    public void Keep()
    {
        if (_notedBefore.Length + _linesBefore.Length > 0)
        {
            (_notedBefore, _linesBefore) = ([], []);
        }
    }

    /// <summary>Notes just those that were noted when it began.</summary>
    public void TakeBack()
    {
        Invariant.Require(_queued.Count == 0 && _parked.Count == 0, "nobody is being judged between two commands");
        foreach (Waiter waiter in _noted)
        {
            waiter.NotedAt = -1;
        }

        foreach ((Line line, _) in NotedLines.ToList())
        {
            line.NotedFrom = Line.NotNoted;
        }

        _noted.Clear();
        _lines.Clear();
        foreach (Waiter waiter in _notedBefore)
        {
            Note(waiter);
        }

        foreach ((Line line, long number) in _linesBefore)
        {
            Note(line, number);
        }

        Keep();
    }

    /// <summary>Those who are left are judged another time.</summary>
    public void Pause()
    {
        foreach (PriorityQueue<Waiter, long> sorted in (ReadOnlySpan<PriorityQueue<Waiter, long>>)[_queued, _parked])
        {
            foreach ((Waiter left, _) in sorted.UnorderedItems)
            {
                if (!left.HasEnded)
                {
                    Note(left);
                }
            }

            sorted.Clear();
        }
    }

    /// <summary>Those who are noted, in no particular order.</summary>
    public IReadOnlyList<Waiter> Noted => _noted;

    /// <summary>The lines that are noted, in no particular order.</summary>
    public IEnumerable<(Line Line, long Number)> NotedLines =>
        _lines.UnorderedItems.Where(noted => noted.Element.NotedFrom == noted.Priority).Distinct();

    /// <summary>The first in the queue that must be judged; null when none must.</summary>
    public Waiter? TakeQueued()
    {
        Sort();
        return Take(_queued, queued: true);
    }

    /// <summary>The first parked request that was noted by itself; null when there is none.</summary>
    public Waiter? TakeParked() => Take(_parked, queued: false);

    /// <summary>A line with a claim that may be earlier than all of those, and the number that it was noted with.</summary>
    public bool TryTakeLine(out Line? line, out long number)
    {
        while (_lines.TryPeek(out line, out number) && line.NotedFrom != number)
        {
            _lines.Dequeue();
        }

        // A request that is not parked any more is no longer compared with.
        while (_parked.TryPeek(out Waiter? waiter, out _) && (waiter.HasEnded || waiter.IsQueued))
        {
            _parked.Dequeue();
        }

        bool isFirst = line is not null && (!_parked.TryPeek(out _, out long other) || number < other);
        if (isFirst)
        {
            _lines.Dequeue().NotedFrom = Line.NotNoted;
        }

        return isFirst;
    }

    private static Waiter? Take(PriorityQueue<Waiter, long> from, bool queued)
    {
        while (from.TryDequeue(out Waiter? waiter, out _))
        {
            if (!waiter.HasEnded && waiter.IsQueued == queued)
            {
                return waiter;
            }
        }

        return null;
    }

    private void Sort()
    {
        foreach (Waiter waiter in _noted)
        {
            waiter.NotedAt = -1;
            (waiter.IsQueued ? _queued : _parked).Enqueue(waiter, waiter.Number);
        }

        _noted.Clear();
    }
}
