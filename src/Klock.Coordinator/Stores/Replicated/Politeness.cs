using Klock.Kernel.Claims;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Whoever has just appended lets the other stores that are writing go first, each once.</summary>
/// <remarks>
/// Else most appends of busy stores come too late and are decided again, and the store with the shortest way to the journal wins always.
/// The others are those who appended lately, and those who were too late and asked for their turn: a store that is farther away than the
/// head stays where it is would never get one otherwise. A store that is the only one that writes never waits, and one that does not use
/// its turn is waited for once, not for long. Thread-safe.
/// </remarks>
/// <param name="time">The time in which the journal answers.</param>
internal sealed class Politeness(TimeProvider time)
{
    // How many usual appends another store gets for its turn: an append, and the time until it has heard that it may, has woken and has
    // decided. With 1.5 a third of all appends came too late where there was more to do than processors.
    private const double AppendsATurn = 2.5;

    // Bounds the part of a new append in what is usual, so that one that was slow does not count for long.
    private const int Remembered = 8;

    private static readonly TimeSpan _recently = TimeSpan.FromMilliseconds(50);

    // Callers wait meanwhile: a store that is far from the journal, or one among many, must not make them wait for long.
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<LeaseId, Other> _others = [];
    private TimeSpan _usual;
    private long _appendedAt;
    private long _sequence;
    private TimeSpan _turns;
    private int _turnsLeft;
    private TaskCompletionSource? _waiting;

    /// <summary>How long this store's appends take, as far as that is known.</summary>
    public TimeSpan Usual
    {
        get
        {
            lock (_lock)
            {
                return _usual;
            }
        }
    }

    /// <summary>Another store has appended.</summary>
    public void Saw(HeadMove moved)
    {
        lock (_lock)
        {
            ForgetEarlierOnes_NeedsLock();
            _others[moved.Writer] = Known_NeedsLock(moved.Writer) with { At = time.GetTimestamp(), Sequence = moved.Sequence };
            if (moved.Sequence > _sequence && _turnsLeft > 0 && --_turnsLeft == 0)
            {
                _waiting?.TrySetResult();
            }
        }
    }

    /// <summary>Another store was too late.</summary>
    public void Asked(TurnWish wish)
    {
        lock (_lock)
        {
            ForgetEarlierOnes_NeedsLock();
            TimeSpan counted = Counted(wish.Usual);
            _others[wish.Writer] = Known_NeedsLock(wish.Writer) with { At = time.GetTimestamp(), Usual = counted };
        }
    }

    /// <summary>An append of this store came too late.</summary>
    /// <param name="took">How long the answer took.</param>
    public void Late(TimeSpan took)
    {
        lock (_lock)
        {
            Learn_NeedsLock(took);
        }
    }

    /// <summary>This store has appended.</summary>
    /// <param name="sequence">The number of the last event.</param>
    /// <param name="took">How long the answer took.</param>
    public void Appended(long sequence, TimeSpan took)
    {
        lock (_lock)
        {
            Learn_NeedsLock(took);
            (_appendedAt, _sequence) = (time.GetTimestamp(), sequence);
            ForgetEarlierOnes_NeedsLock();
            _turns = _others.Values.Aggregate(
                TimeSpan.Zero, (all, other) => all + (AppendsATurn * (other.Usual > _usual ? other.Usual : _usual)));

            // What others have appended can be heard of before the answer to one's own append comes.
            _turnsLeft = _others.Values.Count(other => other.Sequence < sequence);
        }
    }

    /// <summary>Ends when the others have had their turns, or the time for these is over.</summary>
    public async Task GiveWayAsync()
    {
        TaskCompletionSource waiting;
        TimeSpan longest;
        lock (_lock)
        {
            if (_turnsLeft == 0)
            {
                return;
            }

            longest = (_turns < _longest ? _turns : _longest) - time.GetElapsedTime(_appendedAt);
            _waiting = waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (longest > TimeSpan.Zero)
        {
            // A timer counts whole ms.
            using ITimer limit = time.CreateTimer(
                static over => ((TaskCompletionSource)over!).TrySetResult(), waiting,
                TimeSpan.FromMilliseconds(Math.Ceiling(longest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            await waiting.Task;
        }

        EndTurns();
    }

    // One that takes longer is forgotten before its next append in any case.
    private static TimeSpan Counted(TimeSpan took) => took < _recently ? took : _recently;

    private void Learn_NeedsLock(TimeSpan took) =>
        _usual = _usual == TimeSpan.Zero ? Counted(took) : _usual + ((Counted(took) - _usual) / Remembered);

    private Other Known_NeedsLock(LeaseId writer) => _others.GetValueOrDefault(writer);

    private void ForgetEarlierOnes_NeedsLock()
    {
        foreach ((LeaseId writer, Other other) in _others)
        {
            if (time.GetElapsedTime(other.At) > _recently)
            {
                _others.Remove(writer);
            }
        }
    }

    // Whoever has not used its turn counts again when it appends.
    private void EndTurns()
    {
        lock (_lock)
        {
            _waiting = null;
            if (_turnsLeft == 0)
            {
                return;
            }

            _turnsLeft = 0;
            foreach ((LeaseId writer, Other other) in _others)
            {
                if (other.Sequence < _sequence)
                {
                    _others.Remove(writer);
                }
            }
        }
    }

    /// <summary>Another store that is writing.</summary>
    /// <param name="At">When it was heard of.</param>
    /// <param name="Sequence">Its last append; 0 when it has only asked for its turn.</param>
    /// <param name="Usual">How long its appends take; zero when it has not said so.</param>
    private readonly record struct Other(long At, long Sequence, TimeSpan Usual);
}
