namespace Klock.Kernel.Events;

/// <summary>Numbers the events of a table and hands them to whoever records them.</summary>
internal sealed class EventWriter(long sequence)
{
    // How many refusals wait at the most for an event to ride with; those beyond are written by themselves.
    private const int MostPending = 256;

    private readonly FencingTokens _numbers = new(sequence);
    private readonly List<Event> _pending = [];
    private IEventSink? _sink;
    private bool _defersRefusals;

    // What there was when it began to be tentative. The refusals are copied when they are written, which is seldom.
    private long _sequenceBefore;
    private int _pendingBefore;
    private List<Event>? _writtenPending;

    /// <summary>The number of the last event.</summary>
    public long Sequence => _numbers.Last;

    /// <summary>Whether somebody records events.</summary>
    public bool HasSink => _sink is not null;

    /// <summary>Whether there are refusals that wait for an event to ride with.</summary>
    public bool HasPendingRefusals => _pending.Count > 0;

    /// <summary>Where events go from now on; see <see cref="LeaseTable.SendEventsTo"/>.</summary>
    public void SendTo(IEventSink? sink, bool defersRefusals)
    {
        _sink = sink;
        _defersRefusals = defersRefusals;
    }

    /// <summary>The number of the next event. Pending refusals are written first: they happened before it.</summary>
    public long Next()
    {
        if (HasPendingRefusals)
        {
            FlushRefusals();
        }

        return _numbers.Next();
    }

    /// <summary>Moves on to a number that another process gave, if it is higher.</summary>
    public void MoveTo(long number) => _numbers.MoveTo(number);

    /// <summary>Remembers where it is, to come back there.</summary>
    public void BeginTentative() => (_sequenceBefore, _pendingBefore) = (Sequence, _pending.Count);

    /// <summary>Stays where it is.</summary>
    public void Keep() => (_pendingBefore, _writtenPending) = (0, null);

    /// <summary>Comes back. What was handed on meanwhile is for the sink to drop.</summary>
    public void TakeBack()
    {
        _numbers.TakeBackTo(_sequenceBefore);
        int still = _writtenPending is null ? _pendingBefore : 0;
        _pending.RemoveRange(still, _pending.Count - still);
        _pending.AddRange(_writtenPending ?? []);
        Keep();
    }

    /// <summary>The refusals that wait for an event to ride with.</summary>
    public IReadOnlyList<Event> PendingRefusals => _pending;

    /// <summary>Hands on an event that has its number.</summary>
    public void Write(in Event happened) => _sink?.Append(happened);

    /// <summary>Takes a refusal without a number: it gets one now, or with the next event where refusals are deferred.</summary>
    public void WriteRefusal(in Event refusal)
    {
        if (_defersRefusals && _pending.Count < MostPending)
        {
            _pending.Add(refusal);
            return;
        }

        long number = Next();
        _sink?.Append(refusal with { Sequence = number });
    }

    /// <summary>Numbers the pending refusals and hands them on.</summary>
    public void FlushRefusals()
    {
        if (_pendingBefore > 0)
        {
            _writtenPending ??= _pending.GetRange(0, _pendingBefore);
        }

        foreach (Event refusal in _pending)
        {
            long number = _numbers.Next();
            _sink?.Append(refusal with { Sequence = number });
        }

        _pending.Clear();
    }
}
