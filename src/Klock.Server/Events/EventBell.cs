namespace Klock.Server.Events;

/// <summary>Wakes those who follow events when there may be new ones. Rung after every request; free when nobody listens.</summary>
internal sealed class EventBell
{
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next ring.</summary>
    public Task NextRing()
    {
        TaskCompletionSource fresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _next, fresh, null) ?? fresh).Task;
    }

    /// <summary>Rings.</summary>
    public void Ring()
    {
        if (Volatile.Read(ref _next) is not null)
        {
            Interlocked.Exchange(ref _next, null)?.TrySetResult();
        }
    }
}
