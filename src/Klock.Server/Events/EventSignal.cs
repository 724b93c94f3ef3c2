namespace Klock.Server.Events;

/// <summary>Wakes the readers of events when there may be new ones: after every request. Costs nothing while nobody listens.</summary>
internal sealed class EventSignal
{
    private TaskCompletionSource? _next;

    /// <summary>A task that completes when the signal is raised next.</summary>
    public Task Next()
    {
        TaskCompletionSource fresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, fresh, null) ?? fresh).Task;
    }

    /// <summary>Wakes all who await it.</summary>
    public void Raise()
    {
        if (Volatile.Read(ref _next) is not null)
        {
            Interlocked.Exchange(ref _next, null)?.TrySetResult();
        }
    }
}
