using System.Runtime.ExceptionServices;
using Klock.Cli.Failures;
using Klock.Cli.Transports;

namespace Klock.Cli.Verbs;

/// <summary>Looks again and again in a thread of its own, so that a key is heard also while a server does not answer.</summary>
internal sealed class Looker : IDisposable
{
    private readonly Func<CancellationToken, Snapshot> _look;
    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _thread;
    private volatile View _view;

    /// <summary>Looks for the first time, and goes on.</summary>
    /// <exception cref="CliFailure">There is nothing to be seen.</exception>
    public Looker(TimeSpan pause, Func<CancellationToken, Snapshot> look, CancellationToken cancel)
    {
        (_look, _pause) = (look, pause);
        _view = new View(look(cancel), Trouble: null, Failure: null);
        _thread = new Thread(Run) { IsBackground = true, Name = "watch" };
        _thread.Start();
    }

    /// <summary>What was seen last.</summary>
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

    // A server that starts anew is waited for: what is shown is then what it told last.
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

    /// <summary>What there is to be shown.</summary>
    /// <param name="Now">What was seen last.</param>
    /// <param name="Trouble">Why there is nothing newer, if so.</param>
    /// <param name="Failure">Why nothing will be seen any more, if so.</param>
    internal sealed record View(Snapshot Now, string? Trouble, ExceptionDispatchInfo? Failure);
}
