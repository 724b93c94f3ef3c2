using Klock.Kernel;

namespace Klock.Coordinator.Stores;

/// <summary>State that lives and dies with this object: a lock around the kernel.</summary>
/// <remarks>
/// Its clock is the wall clock at the start plus monotonic time, so a wall clock that jumps neither ends a lease early nor
/// keeps one for ever.
/// </remarks>
public sealed class MemoryStore : IStore
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly LeaseTable _table;
    private readonly long _startedAtMs;
    private readonly long _startedAtTimestamp;
    private bool _closed;

    /// <summary>An empty store. Its numbers start at the wall clock in µs, so that they also rise over restarts.</summary>
    public MemoryStore(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        DateTimeOffset now = time.GetUtcNow();
        _startedAtMs = now.ToUnixTimeMilliseconds();
        _startedAtTimestamp = time.GetTimestamp();
        _table = new LeaseTable((now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <inheritdoc />
    public void Execute(IStoreCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        lock (_lock)
        {
            if (_closed)
            {
                throw new KlockException(ErrorCode.Closed, "The store is closed.");
            }

            command.Run(_table, _startedAtMs + (long)_time.GetElapsedTime(_startedAtTimestamp).TotalMilliseconds);
        }
    }

    /// <inheritdoc />
    public void ReleaseFiles()
    {
        // It has none.
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }
}
