using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>The last events that a store decided or followed, for whoever reads what happened. Thread-safe.</summary>
internal sealed class ShownEvents
{
    private readonly Lock _lock = new();
    private EventRing _ring = new(startsAfter: 0);

    /// <summary>Begins anew.</summary>
    /// <param name="after">The number before the first that is shown.</param>
    /// <param name="events">The events after it.</param>
    public void Begin(long after, IReadOnlyList<Event> events)
    {
        lock (_lock)
        {
            _ring = new EventRing(after);
        }

        Append(events);
    }

    public void Append(IReadOnlyList<Event> events)
    {
        lock (_lock)
        {
            foreach (Event happened in events)
            {
                _ring.Append(happened);
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
