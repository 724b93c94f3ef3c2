using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores;

/// <summary>Where the state lives. Runs commands one at a time, each against every change that was committed before.</summary>
/// <remarks>Thread-safe. After <see cref="IDisposable.Dispose"/> everything fails with <see cref="ErrorCode.Closed"/>.</remarks>
public interface IStore : IDisposable
{
    /// <summary>The requests that wait through this store object.</summary>
    LocalWaits Waits { get; }

    /// <summary>Lets other processes that use the store wake this one; null where there are none, or they cannot.</summary>
    IWakeUps? WakeUps => null;

    /// <summary>How much room is left; null where nothing but the disk or the memory sets a limit, and while it is not known.</summary>
    StoreRoom? Room => null;

    /// <summary>Runs a command and returns when all its changes are stored.</summary>
    /// <exception cref="KlockException">Its answer must not be given: what it decided is not stored
    /// (<see cref="ErrorCode.StorageUnavailable"/>).</exception>
    void Execute(IStoreCommand command);

    /// <summary>
    /// Runs a command that only reads: it sees everything that was committed before, and blocks no writer.
    /// </summary>
    /// <param name="reading">Changes nothing. What is overdue may still be in the table: it compares with the given time.</param>
    /// <exception cref="KlockException">Its answer must not be given: the store failed
    /// (<see cref="ErrorCode.StorageUnavailable"/>).</exception>
    void Read(IStoreCommand reading);

    /// <summary>As <see cref="Execute"/>, without a thread while the store waits for another machine. Where it does not, it is done when
    /// this returns.</summary>
    Task ExecuteAsync(IStoreCommand command)
    {
        Execute(command);
        return Task.CompletedTask;
    }

    /// <summary>As <see cref="Read"/>, as <see cref="ExecuteAsync"/> does it.</summary>
    Task ReadAsync(IStoreCommand reading)
    {
        Read(reading);
        return Task.CompletedTask;
    }

    /// <summary>On behalf of all local waits: does what is due, and takes in what other processes have changed.</summary>
    /// <exception cref="KlockException">The store failed; the waits keep waiting.</exception>
    void Tick();

    /// <summary>How long until <see cref="Tick"/> should be called again, when nothing else happens.</summary>
    /// <param name="isWoken">Whether whoever calls it sleeps in <see cref="WakeUps"/> meanwhile.</param>
    TimeSpan UntilNextTick(bool isWoken);

    /// <summary>Comes before <see cref="ReadEvents"/>, once for all that is read of them: after it they are as new as the store. Where that
    /// is on another machine, it is asked here and not there.</summary>
    /// <exception cref="KlockException">The store failed.</exception>
    Task SettleEventsAsync() => Task.CompletedTask;

    /// <summary>Reads the events after a number, in order, after ending what is overdue.</summary>
    /// <param name="after">Events with higher numbers are wanted.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="sink">Receives them.</param>
    /// <returns>
    /// The number before the oldest event that is kept: when it is above <paramref name="after"/>, events in between are gone.
    /// </returns>
    long ReadEvents(long after, int limit, IEventSink sink);
}

/// <summary>What a store runs under its lock.</summary>
public interface IStoreCommand
{
    /// <summary>What it is about; null when that is more than a little of the state.</summary>
    Concern? Concern => null;

    /// <summary>Decides. The answer is given only when the store has returned. A store may take back what was decided and call it
    /// again: then the last time counts.</summary>
    /// <param name="table">The state.</param>
    /// <param name="nowMs">The time, in ms since 1970, UTC.</param>
    /// <param name="waits">Where a request that has to wait is registered.</param>
    void Run(LeaseTable table, long nowMs, LocalWaits waits);
}
