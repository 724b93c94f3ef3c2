namespace Klock.Agents.Leases;

/// <summary>Checks, while a request waits at a server, whether the server is there, and gives the request up when it is not.</summary>
/// <remarks>
/// A server that is paused, or whose machine is, sends nothing, and neither does one at which a request waits for an hour: without this
/// nobody could tell them apart.
/// </remarks>
internal sealed class ServerWatch : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _end;
    private readonly Func<CancellationToken, bool> _isThere;
    private readonly Thread? _thread;
    private volatile bool _isGone;

    /// <summary>Checks until it is disposed.</summary>
    /// <param name="isThere">Asks the server.</param>
    /// <param name="cancel">The request is given up by its caller.</param>
    public ServerWatch(Func<CancellationToken, bool> isThere, CancellationToken cancel)
    {
        _isThere = isThere;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "server watch" };
            _thread.Start();
        }
        catch (Exception none) when (none is OutOfMemoryException or ThreadStartException)
        {
            // Where no thread can be started, the request's own time is its only limit.
            _thread = null;
        }
    }

    /// <summary>Given up, by the caller or because the server is gone.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Whether the server was found gone.</summary>
    public bool IsGone => _isGone;

    public void Dispose()
    {
        _end.Cancel();
        _thread?.Join();
        _end.Dispose();
    }

    private void Run()
    {
        while (!_end.Token.WaitHandle.WaitOne(_pause))
        {
            if (!_isThere(_end.Token))
            {
                _isGone = true;
                _end.Cancel();
            }
        }
    }
}
