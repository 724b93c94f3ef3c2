using Klock.Coordinator.Protocol;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Waits;

/// <summary>A request whose answer is not there yet. One caller waits for it.</summary>
/// <remarks>Thread-safe. <see cref="LeaseCoordinator.TryFinish"/> returns whether it is answered, and how to block.</remarks>
public sealed class PendingWait : ITimekeeper
{
    private readonly CallerSignal _caller = new();
    private readonly Lock _lock = new();
    private IAnswerTaker? _taker;
    private bool _answered;

    internal PendingWait(Waiter waiter, IWaitAnswer writer)
    {
        Waiter = waiter;
        Writer = writer;
    }

    /// <summary>What it asks for and until when. The table it came from may be gone; nobody else changes it then.</summary>
    internal Waiter Waiter { get; }

    internal LeaseId Id => Waiter.Id;

    /// <summary>Writes the answer when it is known.</summary>
    internal IWaitAnswer Writer { get; }

    /// <summary>The answer, once it is there.</summary>
    internal Reply Reply { get; } = new();

    /// <summary>Whether nobody waits for it any more. Under the lock of those that wait here.</summary>
    internal bool IsForgotten { get; set; }

    internal bool IsAnswered => Volatile.Read(ref _answered);

    /// <summary>Blocks the calling thread until there may be something to check, at most so long. Holds no lock meanwhile.</summary>
    internal void Block(Pause pause) => _caller.Block(pause);

    /// <summary>As <see cref="Block"/>, without a thread.</summary>
    internal Task BlockAsync(Pause pause, TimeProvider time, CancellationToken cancellation) =>
        _caller.BlockAsync(pause.Longest, time, cancellation);

    /// <summary>Wakes its caller to check.</summary>
    void ITimekeeper.Signal() => _caller.Signal();

    /// <summary>Passes the answer to a taker instead of a caller who blocks here; at once, if it is there already.</summary>
    internal void AnswerTo(IAnswerTaker taker)
    {
        lock (_lock)
        {
            if (!_answered)
            {
                _taker = taker;
                return;
            }
        }

        taker.TakeAnswer();
    }

    /// <summary>Completes the wait: the answer is there.</summary>
    internal void Finish()
    {
        IAnswerTaker? taker;
        lock (_lock)
        {
            Volatile.Write(ref _answered, true);
            taker = _taker;
        }

        _caller.Signal();
        taker?.TakeAnswer();
    }
}
