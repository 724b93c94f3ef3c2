using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores;

/// <summary>The last events of a memory store. Not thread-safe: the store's lock guards it.</summary>
/// <remarks>
/// Renewals and keep-alives, which are most of what happens and little of what people read, have a ring of their own, so that they push
/// no other event out. When some of them are gone, that is no gap.
/// </remarks>
internal sealed class EventRing(long startsAfter) : IEventSink
{
    /// <summary>How many events are kept.</summary>
    public const int Capacity = 8_192;

    /// <summary>How many renewals and keep-alives are kept.</summary>
    public const int RoutineCapacity = 1_024;

    private readonly Kept _lasting = new(Capacity);
    private readonly Kept _routine = new(RoutineCapacity);
    private long _beforeOldest = startsAfter;

    public void Append(in Event happened)
    {
        if (happened.Kind is EventKind.Renewed or EventKind.KeptAlive)
        {
            _routine.Add(happened);
            return;
        }

        if (_lasting.Count == Capacity)
        {
            _beforeOldest = _lasting[0].Sequence;
        }

        if (happened.Wait is { Wanted: not null } wait)
        {
            // A manifest has up to a mebibyte, and nobody replays a memory store: its events are only shown.
            _lasting.Add(happened with { Wait = wait.WithoutWanted() });
        }
        else
        {
            _lasting.Add(happened);
        }
    }

    /// <summary>Passes the events after a number to the sink; returns the number before the oldest one kept.</summary>
    public long Read(long after, int limit, IEventSink sink)
    {
        long from = Math.Max(after, _beforeOldest);
        int lasting = _lasting.FindAfter(from), routine = _routine.FindAfter(from);
        for (int shown = 0; shown < limit && (lasting < _lasting.Count || routine < _routine.Count); shown++)
        {
            bool isRoutine = lasting == _lasting.Count
                || (routine < _routine.Count && _routine[routine].Sequence < _lasting[lasting].Sequence);
            sink.Append(isRoutine ? _routine[routine++] : _lasting[lasting++]);
        }

        return _beforeOldest;
    }

    private sealed class Kept(int capacity)
    {
        private readonly Event[] _events = new Event[capacity];
        private int _first;

        public int Count { get; private set; }

        public ref readonly Event this[int index] => ref _events[PlaceOf(index)];

        public void Add(in Event happened)
        {
            _events[PlaceOf(Count)] = happened;
            if (Count < capacity)
            {
                Count++;
            }
            else
            {
                _first = PlaceOf(1);
            }
        }

        /// <summary>The index of the first event after a number; the count when there is none.</summary>
        public int FindAfter(long sequence)
        {
            int low = 0, high = Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                (low, high) = this[middle].Sequence > sequence ? (low, middle) : (middle + 1, high);
            }

            return low;
        }

        // Capacities are powers of two: a mask costs less than a division, and this is done for each event.
        private int PlaceOf(int index) => (_first + index) & (capacity - 1);
    }
}
