using System.Runtime.ExceptionServices;
using Klock.Cli.Failures;
using Klock.Cli.Transports;

namespace Klock.Cli.Verbs;

/// <summary>Polls in a thread of its own, so that keys are handled also while a server does not answer.</summary>
internal sealed class Looker : IDisposable
{
    private readonly Func<CancellationToken, Snapshot> _look;
    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _thread;
    private volatile View _view;

    /// <summary>Reads a first snapshot, and then polls.</summary>
    /// <exception cref="CliFailure">The first read failed.</exception>
    public Looker(TimeSpan pause, Func<CancellationToken, Snapshot> look, CancellationToken cancel)
    {
        (_look, _pause) = (look, pause);
        _view = new View(look(cancel), Trouble: null, Failure: null);
        _thread = new Thread(Run) { IsBackground = true, Name = "watch" };
        _thread.Start();
    }

    /// <summary>The last snapshot.</summary>
    public View Latest => _view;

    public void Dispose()
    {
        _end.Cancel();
        _thread.Join();
        _end.Dispose();
    }

    private void Run()
    {
        while (!_end.Token.WaitHandle.WaitOne(_pause) && _view.Failure is null)
        {
            _view = LookAgain();
        }
    }

    // While a server restarts, the last snapshot stays on the screen.
    private View LookAgain()
    {
        try
        {
            return new View(_look(_end.Token), Trouble: null, Failure: null);
        }
        catch (Unreachable gone)
        {
            return _view with { Trouble = gone.Message };
        }
        catch (Exception failure)
        {
            return _view with { Failure = ExceptionDispatchInfo.Capture(failure) };
        }
    }

    /// <summary>What to show.</summary>
    /// <param name="Now">The last snapshot.</param>
    /// <param name="Trouble">Why there is no newer one, if so.</param>
    /// <param name="Failure">Why there will be no newer one, if so.</param>
    internal sealed record View(Snapshot Now, string? Trouble, ExceptionDispatchInfo? Failure);
}
