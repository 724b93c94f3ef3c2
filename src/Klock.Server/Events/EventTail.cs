namespace Klock.Server.Events;

/// <summary>The last events that the server's one reader has read, for all streams. Thread-safe.</summary>
/// <remarks>Bounded by number and by bytes: a stream that falls behind reads from the store until it has caught up.</remarks>
/// <param name="start">Events after this number will be in it.</param>
internal sealed class EventTail(long start)
{
    /// <summary>How many events it has at the most.</summary>
    public const int MostEvents = 4_096;

    /// <summary>How many bytes of events it has at the most.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly EventFrame[] _frames = new EventFrame[MostEvents];
    private readonly EventSignal _news = new();
    private volatile bool _isOver;
    private int _first;
    private int _count;
    private int _bytes;
    private long _start = start;

    /// <summary>All events after this number that have been read are in it.</summary>
    public long Start
    {
        get
        {
            lock (_lock)
            {
                return _start;
            }
        }
    }

    /// <summary>Whether no stream is left, so that nothing need be read.</summary>
    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }

    /// <summary>A task that completes when there is more.</summary>
    public Task NextNews() => _news.Next();

    /// <summary>Adds events, in their order, and notifies the streams.</summary>
    public void Add(List<EventFrame> frames)
    {
        if (frames.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (EventFrame frame in frames)
            {
                if (_count == MostEvents)
                {
                    DropFirst_NeedsLock();
                }

                _frames[(_first + _count) % MostEvents] = frame;
                _count++;
                _bytes += frame.Bytes.Length;
            }

            while (_bytes > MostBytes)
            {
                DropFirst_NeedsLock();
            }
        }

        _news.Raise();
    }

    /// <summary>Events after a number, not necessarily all; null when some of them may have been dropped.</summary>
    public List<EventFrame>? After(long sequence)
    {
        lock (_lock)
        {
            if (sequence < _start)
            {
                return null;
            }

            int place = Find_NeedsLock(sequence);
            int taken = Math.Min(_count - place, EventSource.Most);
            var frames = new List<EventFrame>(taken);
            for (int i = place; i < place + taken; i++)
            {
                frames.Add(At_NeedsLock(i));
            }

            return frames;
        }
    }

    private EventFrame At_NeedsLock(int place) => _frames[(_first + place) % MostEvents];

    private int Find_NeedsLock(long after)
    {
        int low = 0, high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = At_NeedsLock(middle).Sequence > after ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void DropFirst_NeedsLock()
    {
        _start = _frames[_first].Sequence;
        _bytes -= _frames[_first].Bytes.Length;
        _frames[_first] = null!;
        _first = (_first + 1) % MostEvents;
        _count--;
    }
}
