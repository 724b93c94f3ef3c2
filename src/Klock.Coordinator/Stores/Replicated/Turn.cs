using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>A command that waits for its turn, and what became of it.</summary>
internal sealed class Turn(IStoreCommand command)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The command.</summary>
    public IStoreCommand Command => command;

    /// <summary>Ends when its answer may be given, or fails.</summary>
    public Task Done => _done.Task;

    /// <summary>Its answer may be given.</summary>
    public void Complete() => _done.TrySetResult();

    /// <summary>Its answer must not be given. Each caller gets an exception of its own.</summary>
    public void Fail(Exception failure) => _done.TrySetException(
        failure is KlockException refused ? new KlockException(refused.Code, refused.Message, refused) : failure);
}
