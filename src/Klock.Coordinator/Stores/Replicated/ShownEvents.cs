using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>The last events that a store decided or followed, for whoever reads what happened. Thread-safe.</summary>
internal sealed class ShownEvents
{
    private readonly Lock _lock = new();
    private EventRing _ring = new(startsAfter: 0);
    private EventRing? _loading;

    /// <summary>Begins anew. What was there before is shown until <see cref="Show"/>: readers must not find a part.</summary>
    /// <param name="after">The number before the first that is shown.</param>
    /// <param name="events">The events after it.</param>
    public void Begin(long after, IReadOnlyList<Event> events)
    {
        lock (_lock)
        {
            _loading = new EventRing(after);
        }

        Append(events);
    }

    /// <summary>All is there that was there when it began anew.</summary>
    public void Show()
    {
        lock (_lock)
        {
            _ring = _loading ?? _ring;
            _loading = null;
        }
    }

    public void Append(IReadOnlyList<Event> events)
    {
        lock (_lock)
        {
            foreach (Event happened in events)
            {
                (_loading ?? _ring).Append(happened);
            }
        }
    }

    /// <summary>Passes the events after a number to the sink; returns the number before the oldest one kept.</summary>
    public long Read(long after, int limit, IEventSink sink)
    {
        lock (_lock)
        {
            return _ring.Read(after, limit, sink);
        }
    }
}
