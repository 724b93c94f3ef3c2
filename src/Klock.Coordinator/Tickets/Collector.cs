using Klock.Coordinator.Waits;

namespace Klock.Coordinator.Tickets;

/// <summary>A thread that blocks for the answers to all tickets of a desk.</summary>
/// <param name="gate">The desk's lock, on which it blocks.</param>
internal sealed class Collector(object gate) : ITimekeeper
{
    private bool _signalled;

    public void Signal()
    {
        lock (gate)
        {
            _signalled = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Blocks until it is signalled or the desk has answers, at most so long. The caller holds the gate.</summary>
    public void Block_NeedsLock(TimeSpan longest)
    {
        if (!_signalled)
        {
            Monitor.Wait(gate, longest);
        }

        _signalled = false;
    }
}
