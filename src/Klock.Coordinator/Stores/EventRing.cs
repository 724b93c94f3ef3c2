using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores;

/// <summary>The last events of a memory store. Not thread-safe: the store's lock guards it.</summary>
internal sealed class EventRing(long startsAfter) : IEventSink
{
    /// <summary>How many events are kept.</summary>
    public const int Capacity = 8_192;

    private readonly Event[] _events = new Event[Capacity];
    private long _last = startsAfter;
    private int _count;

    public void Append(in Event happened)
    {
        // A manifest is up to a mebibyte, and nobody follows a memory store: its events are only shown.
        _events[happened.Sequence % Capacity] = happened.Wait is { Wanted: not null } wait
            ? happened with { Wait = wait.WithoutWanted() }
            : happened;
        _last = happened.Sequence;
        _count = Math.Min(_count + 1, Capacity);
    }

    /// <summary>Shows the events after a number; returns the number before the oldest one kept.</summary>
    public long Read(long after, int limit, IEventSink sink)
    {
        long beforeOldest = _last - _count;
        long first = Math.Clamp(after, beforeOldest, _last) + 1;
        for (long sequence = first; sequence <= _last && sequence < first + limit; sequence++)
        {
            sink.Append(_events[sequence % Capacity]);
        }

        return beforeOldest;
    }
}
