using Klock.Kernel.Invariants;

namespace Klock.Kernel.Queues;

/// <summary>What expires at a time: a lease, a wait.</summary>
internal interface IExpiring
{
    /// <summary>From this ms on it is over.</summary>
    long ExpiresAtMs { get; }

    /// <summary>Of those that expire at the same time, the lower goes first.</summary>
    long Number { get; }
}

/// <summary>A priority queue by time of expiry, earliest first; equal times by number.</summary>
/// <remarks>
/// A 4-ary heap (Johnson 1975) whose entries carry their key, so that comparing four children touches two cache lines;
/// each knows its place, so a heartbeat or a release moves it without a search.
/// </remarks>
internal sealed class ExpiryQueue<T>
    where T : Queueable, IExpiring
{
    private const int Arity = 4;
    private Entry[] _entries = new Entry[16];

    public int Count { get; private set; }

    /// <summary>The one that runs out first; null when there is none.</summary>
    public T? First => Count == 0 ? null : _entries[0].Item;

    /// <summary>When the first one runs out; the end of time when there is none.</summary>
    public long FirstExpiresAtMs => Count == 0 ? long.MaxValue : _entries[0].ExpiresAtMs;

    /// <summary>All entries in the order in which they run out.</summary>
    public IEnumerable<T> InOrder =>
        _entries.Take(Count).OrderBy(entry => entry.ExpiresAtMs).ThenBy(entry => entry.Number).Select(entry => entry.Item);

    public void Add(T item)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        MoveUp(Count++, new Entry(item));
    }

    public void Remove(T item)
    {
        int hole = PlaceOf(item);
        item.ExpiryIndex = -1;
        Entry last = _entries[--Count];
        _entries[Count] = default;
        if (hole != Count)
        {
            Place(hole, last);
        }
    }

    /// <summary>Moves one whose time or number has changed to its new place.</summary>
    public void Update(T item) => Place(PlaceOf(item), new Entry(item));

    /// <summary>How many are over at a time, without taking them out.</summary>
    public int CountOverdue(long nowMs) => CountOverdue(0, nowMs);

    /// <summary>Checks the whole heap.</summary>
    /// <exception cref="BrokenInvariantException">An entry is not in its place.</exception>
    public void CheckAll()
    {
        for (int i = 0; i < Count; i++)
        {
            Entry entry = _entries[i];
            Invariant.Require(entry.Item.ExpiryIndex == i, "everything in a queue knows its place");
            Invariant.Require(entry.IsSameAs(new Entry(entry.Item)), "a queue has the times that its items have");
            Invariant.Require(i == 0 || !entry.IsBefore(_entries[(i - 1) / Arity]), "a queue is in order");
        }
    }

    private int PlaceOf(T item)
    {
        int index = item.ExpiryIndex;
        bool isThere = (uint)index < (uint)Count && ReferenceEquals(_entries[index].Item, item);
        Invariant.Require(isThere, "what leaves a queue or moves in it stands there");
        return index;
    }

    private int CountOverdue(int index, long nowMs)
    {
        if (index >= Count || _entries[index].ExpiresAtMs > nowMs)
        {
            return 0;
        }

        int overdue = 1;
        for (int child = (index * Arity) + 1; child <= (index * Arity) + Arity; child++)
        {
            overdue += CountOverdue(child, nowMs);
        }

        return overdue;
    }

    private void Place(int hole, Entry entry)
    {
        if (hole > 0 && entry.IsBefore(_entries[(hole - 1) / Arity]))
        {
            MoveUp(hole, entry);
        }
        else
        {
            MoveDown(hole, entry);
        }
    }

    private void MoveUp(int hole, Entry entry)
    {
        while (hole > 0)
        {
            int parent = (hole - 1) / Arity;
            if (!entry.IsBefore(_entries[parent]))
            {
                break;
            }

            Put(hole, _entries[parent]);
            hole = parent;
        }

        Put(hole, entry);
    }

    private void MoveDown(int hole, Entry entry)
    {
        while (true)
        {
            int first = (hole * Arity) + 1;
            if (first >= Count)
            {
                break;
            }

            int least = first;
            for (int child = first + 1; child < Math.Min(first + Arity, Count); child++)
            {
                least = _entries[child].IsBefore(_entries[least]) ? child : least;
            }

            if (!_entries[least].IsBefore(entry))
            {
                break;
            }

            Put(hole, _entries[least]);
            hole = least;
        }

        Put(hole, entry);
    }

    private void Put(int index, Entry entry)
    {
        _entries[index] = entry;
        entry.Item.ExpiryIndex = index;
    }

    // The entry repeats the number: many leases taken at one moment expire in the same ms, and reading it from each item would cost a
    // cache miss.
    private readonly struct Entry(T item)
    {
        public readonly long ExpiresAtMs = item.ExpiresAtMs;
        public readonly T Item = item;
        public readonly long Number = item.Number;

        public bool IsSameAs(in Entry other) => (ExpiresAtMs, Number) == (other.ExpiresAtMs, other.Number);

        public bool IsBefore(in Entry other) =>
            ExpiresAtMs != other.ExpiresAtMs ? ExpiresAtMs < other.ExpiresAtMs : Number < other.Number;
    }
}
