using Klock.Kernel.Invariants;

namespace Klock.Kernel.Queues;

/// <summary>A queue whose last entry, and whose first when it has left, can also be taken back.</summary>
internal sealed class Ring<T>
{
    private T[] _items = new T[16];
    private int _first;

    public int Count { get; private set; }

    /// <summary>The first entry, of a queue that has any.</summary>
    public T First
    {
        get
        {
            Invariant.Require(Count > 0, "a queue that is asked for its first entry has one");
            return _items[_first];
        }
    }

    /// <summary>All entries, the first one first.</summary>
    public IEnumerable<T> All => Enumerable.Range(0, Count).Select(index => _items[PlaceOf(index)]);

    public void Add(T item)
    {
        MakeRoom();
        _items[PlaceOf(Count++)] = item;
    }

    public T TakeFirst()
    {
        T first = First;
        _items[_first] = default!;
        _first = PlaceOf(1);
        Count--;
        return first;
    }

    /// <summary>Puts back what left last.</summary>
    public void PutBackFirst(T item)
    {
        MakeRoom();
        _first = PlaceOf(_items.Length - 1);
        _items[_first] = item;
        Count++;
    }

    /// <summary>Takes back what was added last.</summary>
    public T TakeBackLast()
    {
        Invariant.Require(Count > 0, "what is taken back from a queue was added to it");
        ref T last = ref _items[PlaceOf(--Count)];
        T item = last;
        last = default!;
        return item;
    }

    // The length is a power of two.
    private int PlaceOf(int index) => (_first + index) & (_items.Length - 1);

    private void MakeRoom()
    {
        if (Count < _items.Length)
        {
            return;
        }

        var more = new T[2 * Count];
        for (int i = 0; i < Count; i++)
        {
            more[i] = _items[PlaceOf(i)];
        }

        (_items, _first) = (more, 0);
    }
}
