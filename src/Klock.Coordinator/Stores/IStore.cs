using Klock.Kernel;

namespace Klock.Coordinator.Stores;

/// <summary>Where the state lives. Runs commands one at a time, each against every change that was committed before.</summary>
/// <remarks>Thread-safe. After <see cref="IDisposable.Dispose"/> everything fails with <see cref="ErrorCode.Closed"/>.</remarks>
public interface IStore : IDisposable
{
    /// <summary>Runs a command and returns when all it changed is stored.</summary>
    /// <exception cref="KlockException">Nothing it decided may be told: it is not stored
    /// (<see cref="ErrorCode.StorageUnavailable"/>).</exception>
    void Execute(IStoreCommand command);

    /// <summary>Before a fork: ends transactions and closes every file; the next command opens them again.</summary>
    void ReleaseFiles();
}

/// <summary>What a store runs under its lock.</summary>
public interface IStoreCommand
{
    /// <summary>Decides, and keeps the answer to itself until the store has returned. Called at most once.</summary>
    void Run(LeaseTable table, long nowMs);
}
