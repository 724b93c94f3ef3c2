namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Does something beside a store again and again, with a pause after each time, from its start until it is disposed of.</summary>
/// <param name="work">What it does. It is done again, whatever it throws: what is beside a store only helps it.</param>
/// <param name="pause">The time from the end of one to the beginning of the next.</param>
internal sealed class Recurring(Func<CancellationToken, Task> work, TimeSpan pause) : IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private Task? _running;

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _running ??= Task.Run(RunAsync);

    /// <summary>Ends it, and waits until it has ended.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _running?.GetAwaiter().GetResult();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await work(_closing.Token);
                }
                catch (Exception) when (!_closing.IsCancellationRequested)
                {
                    // The next time may succeed.
                }

                await Task.Delay(pause, _closing.Token);
            }
        }
        catch (Exception) when (_closing.IsCancellationRequested)
        {
            // It was disposed of.
        }
    }
}
