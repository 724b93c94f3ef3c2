using Klock.Kernel.Invariants;

namespace Klock.Kernel.Claims;

/// <summary>
/// The queued requests that one claim is known to block: none of them need be judged while it stands. A queued request gets no new
/// obstacles, so one known obstacle is enough.
/// </summary>
/// <remarks>An object of its own, so that the whole list can be moved to another claim in one step.</remarks>
internal sealed class WatchList
{
    private Waiter? _first;

    public int Count { get; private set; }

    public Waiter? First => _first;

    public void Add(Waiter waiter)
    {
        Invariant.Require(waiter.Watches is null && waiter is { HasEnded: false, IsQueued: true }, "who is queued watches one claim");
        waiter.Watches = this;
        waiter.NextWatcher = _first;
        _first?.PreviousWatcher = waiter;
        _first = waiter;
        Count++;
    }

    public void Remove(Waiter waiter)
    {
        Invariant.Require(
            waiter.Watches == this && (waiter.PreviousWatcher is null ? _first == waiter : waiter.PreviousWatcher.NextWatcher == waiter),
            "who leaves a list of watchers is linked there");
        waiter.NextWatcher?.PreviousWatcher = waiter.PreviousWatcher;
        if (waiter.PreviousWatcher is null)
        {
            _first = waiter.NextWatcher;
        }
        else
        {
            waiter.PreviousWatcher.NextWatcher = waiter.NextWatcher;
        }

        waiter.NextWatcher = waiter.PreviousWatcher = null;
        waiter.Watches = null;
        Count--;
    }

    /// <summary>Reverses the last removal.</summary>
    /// <param name="waiter">Of this waiter.</param>
    /// <param name="previous">The one that came before it; null when it was the first.</param>
    public void PutBack(Waiter waiter, Waiter? previous)
    {
        Invariant.Require(waiter.Watches is null, "who comes back to a list of watchers is in none");
        waiter.Watches = this;
        waiter.PreviousWatcher = previous;
        waiter.NextWatcher = previous is null ? _first : previous.NextWatcher;
        waiter.NextWatcher?.PreviousWatcher = waiter;
        previous?.NextWatcher = waiter;
        _first = previous is null ? waiter : _first;
        Count++;
    }
}
