namespace Klock.Coordinator.Waits;

/// <summary>What one caller blocks on. A signal while it does not block ends the next time that it does. Thread-safe.</summary>
internal sealed class CallerSignal : ITimekeeper
{
    private readonly object _lock = new();
    private TaskCompletionSource? _waiting;
    private IWakeUps? _sleepsIn;
    private bool _signalled;

    public void Signal()
    {
        lock (_lock)
        {
            _signalled = true;
            Monitor.Pulse(_lock);
            _waiting?.TrySetResult();
            _sleepsIn?.Wake();
        }
    }

    /// <summary>Blocks the calling thread until there is a signal or the pause is over. Holds no lock meanwhile.</summary>
    public void Block(in Pause pause)
    {
        lock (_lock)
        {
            if (!_signalled && pause.WakeUps is null)
            {
                Monitor.Wait(_lock, pause.Longest);
            }

            if (_signalled || pause.WakeUps is null)
            {
                _signalled = false;
                return;
            }

            _sleepsIn = pause.WakeUps;
        }

        try
        {
            pause.WakeUps.Sleep(pause.Longest);
        }
        finally
        {
            lock (_lock)
            {
                _sleepsIn = null;
                _signalled = false;
            }
        }
    }

    /// <summary>As <see cref="Block"/>, without a thread.</summary>
    public async Task BlockAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        Task signal;
        lock (_lock)
        {
            if (_signalled)
            {
                _signalled = false;
                return;
            }

            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signal = _waiting.Task;
        }

        using var delay = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(signal, Task.Delay(longest, time, delay.Token));
        await delay.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _signalled = false;
        }
    }
}
