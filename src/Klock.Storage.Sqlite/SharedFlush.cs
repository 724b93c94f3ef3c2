using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite;

/// <summary>Lets all whose answers wait for the disk share flushes of the log: one flush covers every commit before it.</summary>
/// <param name="log">The log, owned from now on.</param>
/// <param name="isAskedFor">Whether answers wait for the disk at all; if not, everything counts as flushed.</param>
/// <remarks>
/// Thread-safe. It belongs to one opening of the file: once a flush has failed it remains failed, since a later success would prove
/// nothing. One flush at a time: of two, the system reports a write error to only one (fsync(2)).
/// </remarks>
internal sealed class SharedFlush(WriteAheadLog log, bool isAskedFor)
{
    private readonly object _lock = new();
    private long _committed;
    private long _flushed = isAskedFor ? 0 : long.MaxValue;
    private bool _isFlushing;
    private Exception? _failure;

    /// <summary>Records that the log holds all events up to a number.</summary>
    public void Committed(long sequence)
    {
        lock (_lock)
        {
            _committed = Math.Max(_committed, sequence);
        }
    }

    /// <summary>Returns when all events up to a committed number are on the disk: at once when they are known to be.</summary>
    /// <param name="sequence">The number.</param>
    /// <param name="begins">Called when the caller's own flush begins, if it must flush itself.</param>
    /// <exception cref="IOException">They may not be.</exception>
    public void Cover(long sequence, Action? begins = null)
    {
        while (BeginOrWait(sequence) is { } covers)
        {
            begins?.Invoke();
            Exception? failure = null;
            try
            {
                log.Flush();
            }
            catch (Exception failed) when (failed is IOException or ObjectDisposedException)
            {
                failure = failed;
            }

            End(covers, failure);
        }
    }

    /// <summary>Inside a write transaction, after a flush has failed: writes and flushes the log again.</summary>
    /// <exception cref="IOException">It still fails.</exception>
    public void Reflush() => log.Rewrite();

    /// <summary>Flushes for those who still wait for it, and closes the log.</summary>
    /// <returns>Whether all that was committed is on the disk; if not, whoever waits for it gets an error.</returns>
    public bool Close()
    {
        try
        {
            Cover(Interlocked.Read(ref _committed));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            log.Dispose();
        }
    }

    // Null when the number is flushed; else the caller must flush, which covers the number that is returned.
    private long? BeginOrWait(long sequence)
    {
        lock (_lock)
        {
            while (true)
            {
                if (_flushed >= sequence)
                {
                    return null;
                }

                if (_failure is not null)
                {
                    throw new IOException(_failure.Message, _failure);
                }

                if (!_isFlushing)
                {
                    _isFlushing = true;
                    return _committed;
                }

                Monitor.Wait(_lock);
            }
        }
    }

    private void End(long covers, Exception? failure)
    {
        lock (_lock)
        {
            _isFlushing = false;
            _failure = failure;
            _flushed = failure is null ? covers : _flushed;
            Monitor.PulseAll(_lock);
        }
    }
}
