using Klock.Kernel.Claims;

namespace Klock.Kernel.Waits;

/// <summary>The requests that must be judged again: each once, the queue first, then the parked, both in their order.</summary>
internal sealed class DueWaits
{
    // An open list, so that one who ends meanwhile leaves it at once: a replica may follow for long before it judges.
    private readonly List<Waiter> _noted = [];
    private readonly PriorityQueue<Waiter, long> _queued = new();
    private readonly PriorityQueue<Waiter, long> _parked = new();
    private readonly PriorityQueue<Line, long> _lines = new();

    public bool Any => _noted.Count > 0 || _queued.Count > 0 || _parked.Count > 0 || _lines.Count > 0;

    public void Note(Waiter waiter)
    {
        if (waiter.NotedAt < 0)
        {
            waiter.NotedAt = _noted.Count;
            _noted.Add(waiter);
        }
    }

    /// <summary>Notes a line of those who are parked.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">None of it that has a lower number need be judged.</param>
    public void Note(Line line, long number = 0)
    {
        // A lower number counts: who was passed meanwhile may come before those who were to be next.
        if (!line.IsNoted || number < line.NotedFrom)
        {
            line.NotedFrom = number;
            _lines.Enqueue(line, number);
        }
    }

    /// <summary>It has ended.</summary>
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

    /// <summary>The first in the queue that must be judged; null when none must.</summary>
    public Waiter? TakeQueued()
    {
        Sort();
        return Take(_queued, queued: true);
    }

    /// <summary>The first of those who are parked and were noted one by one; null when there is none.</summary>
    public Waiter? TakeParked() => Take(_parked, queued: false);

    /// <summary>A line of which somebody may come before all of those, and the number that it was noted with.</summary>
    public bool TryTakeLine(out Line? line, out long number)
    {
        while (_lines.TryPeek(out line, out number) && line.NotedFrom != number)
        {
            _lines.Dequeue();
        }

        // Who is not parked any more is nobody to come before.
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
