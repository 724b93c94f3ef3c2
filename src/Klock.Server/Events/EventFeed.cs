using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Server.Telemetry;

namespace Klock.Server.Events;

/// <summary>The one reader of new events for all who follow them, as long as anybody does. Thread-safe.</summary>
internal sealed class EventFeed(LeaseCoordinator coordinator, EventSignal signal, ServerMetrics metrics, TimeProvider time)
{
    // Other processes on the same file raise no signal here.
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    // Under load: many events in one look rather than a look an event.
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private EventTail? _tail;
    private int _listeners;

    /// <summary>Somebody follows.</summary>
    /// <param name="newest">The number of the last event.</param>
    /// <returns>What all share, until <see cref="Leave"/>; null when as many follow as may.</returns>
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

    /// <summary>Somebody follows no more. Nothing is read when nobody does.</summary>
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

    /// <summary>Reads from the store for one who has fallen behind.</summary>
    public EventSource SourceOfOne() => new(coordinator, metrics.EventReadsOfOne);

    private async Task FollowAsync(EventTail tail, long last)
    {
        await Task.Yield();
        var source = new EventSource(coordinator, metrics.EventReadsOfAll);
        while (!tail.IsOver)
        {
            Task ring = signal.Next();
            List<EventFrame> read = TryRead(source, last);
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

    // A store that fails for now is asked again at the next look. Also when it met a defect: all who follow depend on this one.
    private static List<EventFrame> TryRead(EventSource source, long last)
    {
        try
        {
            return source.Read(last) ?? [];
        }
        catch (Exception)
        {
            return [];
        }
    }
}
