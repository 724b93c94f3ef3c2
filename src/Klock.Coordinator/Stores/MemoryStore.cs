using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores;

/// <summary>State that lives and dies with this object: a lock around the kernel.</summary>
/// <remarks>
/// Its clock is the wall clock at the start plus monotonic time, so a wall clock that jumps neither ends a lease early nor
/// keeps one for ever. A kernel that has thrown may have lost count of what is held, and there is no journal to load it from: from
/// then on everything fails with <see cref="ErrorCode.Internal"/>.
/// </remarks>
public sealed class MemoryStore : IStore
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly LeaseTable _table;
    private readonly EventRing _events;
    private readonly long _startedAtMs;
    private readonly long _startedAtTimestamp;
    private readonly long _timestampsPerMs;
    private long _nextTickAtMs = long.MaxValue;
    private Exception? _defect;
    private bool _closed;

    /// <summary>An empty store. Its numbers start at the wall clock in µs, so that they also rise over restarts.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="ownerId">The name under which this process waits: 128 random bits.</param>
    public MemoryStore(TimeProvider time, LeaseId ownerId)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        DateTimeOffset now = time.GetUtcNow();
        _startedAtMs = now.ToUnixTimeMilliseconds();
        _startedAtTimestamp = time.GetTimestamp();
        _timestampsPerMs = time.TimestampFrequency / 1000;
        _table = new LeaseTable(FencingTokens.Start(now))
        {
            // A request that waits here is alive as long as this store is: there is no other process.
            WaitKeepAliveMs = LeaseTable.AlwaysAliveMs,
        };
        _events = new EventRing(_table.Sequence);
        _table.SendEventsTo(_events);
        Waits = new LocalWaits(ownerId);
        Waits.Attach(_table);
    }

    /// <inheritdoc />
    public LocalWaits Waits { get; }

    private long NowMs => _startedAtMs + ((_time.GetTimestamp() - _startedAtTimestamp) / _timestampsPerMs);

    /// <inheritdoc />
    public void Execute(IStoreCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        lock (_lock)
        {
            ThrowIfUnusable_NeedsLock();
            long nowMs = NowMs;
            try
            {
                command.Run(_table, nowMs, Waits);
                AfterChange_NeedsLock();
            }
            catch (Exception defect)
            {
                Break_NeedsLock(defect);
                throw;
            }
        }
    }

    /// <inheritdoc />
    public void Read(IStoreCommand reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        lock (_lock)
        {
            // A read that throws leaves the kernel as it was.
            ThrowIfUnusable_NeedsLock();
            reading.Run(_table, NowMs, Waits);
        }
    }

    /// <inheritdoc />
    public void Tick()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                ThrowIfUnusable_NeedsLock();
                DoWhatIsDue_NeedsLock();
            }
        }
    }

    /// <inheritdoc />
    public TimeSpan UntilNextTick(bool isWoken)
    {
        lock (_lock)
        {
            _nextTickAtMs = _table.NextDueMs;
            return TimeSpan.FromMilliseconds(Math.Clamp(_nextTickAtMs - NowMs, 0, int.MaxValue));
        }
    }

    /// <inheritdoc />
    public long ReadEvents(long after, int limit, IEventSink sink)
    {
        lock (_lock)
        {
            ThrowIfUnusable_NeedsLock();
            DoWhatIsDue_NeedsLock();
            return _events.Read(after, limit, sink);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            Waits.CloseAll();
        }
    }

    private void ThrowIfUnusable_NeedsLock()
    {
        if (_closed)
        {
            throw new KlockException(ErrorCode.Closed, "The store is closed.");
        }

        if (_defect is not null)
        {
            throw new KlockException(ErrorCode.Internal, Sentence(_defect), _defect);
        }
    }

    private void DoWhatIsDue_NeedsLock()
    {
        long nowMs = NowMs;
        try
        {
            _table.Advance(nowMs);
            AfterChange_NeedsLock();
        }
        catch (Exception defect)
        {
            Break_NeedsLock(defect);
            throw;
        }
    }

    private void Break_NeedsLock(Exception defect)
    {
        _defect = defect;
        Waits.EndAll(ErrorCode.Internal, Sentence(defect));
    }

    private static string Sentence(Exception defect) =>
        $"Klock met a defect of its own ({defect.GetType().Name}), and what is held in memory can no longer be relied on: "
            + "this store answers nothing any more; close it and open a new one.";

    private void AfterChange_NeedsLock()
    {
        Waits.CompleteAnswered(_table.Sequence);
        if (_table.WaiterCount > 0 && _table.NextDueMs < _nextTickAtMs)
        {
            Waits.WakeTimekeeper();
        }
    }
}
