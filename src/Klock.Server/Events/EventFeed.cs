using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Server.Telemetry;

namespace Klock.Server.Events;

/// <summary>The one reader of new events for all streams, while there is any. Thread-safe.</summary>
internal sealed class EventFeed(LeaseCoordinator coordinator, EventSignal signal, ServerMetrics metrics, TimeProvider time)
{
    // Other processes on the same file raise no signal here, so it also polls.
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    // Under load: many events in one read rather than a read for each event.
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private EventTail? _tail;
    private int _listeners;

    /// <summary>A stream begins.</summary>
    /// <param name="newest">The number of the last event.</param>
    /// <returns>The tail that all streams share, until <see cref="Leave"/>; null when there are as many streams as allowed.</returns>
    public EventTail? Join(long newest)
    {
        EventTail tail;
        lock (_lock)
        {
            if (_listeners == Limits.EventStreams)
            {
                return null;
            }

            _listeners++;
            if (_tail is not null)
            {
                return _tail;
            }

            tail = _tail = new EventTail(newest);
        }

        _ = FollowAsync(tail, newest);
        return tail;
    }

    /// <summary>A stream ends. Nothing is read when none is left.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_listeners == 0)
            {
                _tail!.IsOver = true;
                _tail = null;
            }
        }
    }

    /// <summary>Reads from the store for one stream that has fallen behind.</summary>
    public EventSource SourceOfOne() => new(coordinator, metrics.EventReadsOfOne);

    private async Task FollowAsync(EventTail tail, long last)
    {
        await Task.Yield();
        var source = new EventSource(coordinator, metrics.EventReadsOfAll);
        while (!tail.IsOver)
        {
            Task ring = signal.Next();
            List<EventFrame> read = await TryReadAsync(source, last);
            if (read.Count > 0)
            {
                last = Math.Max(last, read[^1].Sequence);
                tail.Add(read);
            }

            if (read.Count < EventSource.Most)
            {
                await ring.WaitAsync(_look, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await Task.Delay(_rest, time);
            }
        }
    }

    // A failure is retried at the next read, even if it was a defect: all streams depend on this reader.
    private static async Task<List<EventFrame>> TryReadAsync(EventSource source, long last)
    {
        try
        {
            return await source.ReadAsync(last) ?? [];
        }
        catch (Exception)
        {
            return [];
        }
    }
}
