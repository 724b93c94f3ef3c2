using System.Runtime.ExceptionServices;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;

namespace Klock.Storage.Sqlite;

/// <summary>Commands that share a transaction, and what became of it.</summary>
/// <param name="ended">Wakes the threads that wait for its end, and perhaps others.</param>
internal sealed class Batch(ThreadSignal ended)
{
    // Bounds how long a transaction can become, and so how long other processes wait for it.
    private const int Most = 256;

    // With fewer, waiting for a batch to fill costs more than a transaction for each (measured).
    private const int Crowd = 4;

    private readonly List<IStoreCommand> _commands = [];
    private volatile bool _mayCommit;
    private volatile bool _hasEnded;
    private Exception? _failure;

    public IReadOnlyList<IStoreCommand> Commands => _commands;

    /// <summary>Whether it has so many commands that those of the next batch should gather before they commit.</summary>
    public bool IsCrowded => _commands.Count >= Crowd;

    /// <summary>Whether its leader, the only one who reads this, has let the next batch commit.</summary>
    public bool IsHandedOver { get; set; }

    public bool IsFull => _commands.Count == Most;

    public ThreadSignal Ended => ended;

    public bool HasEnded => _hasEnded;

    /// <summary>Whether the one before it has been committed.</summary>
    public bool MayCommit
    {
        get => _mayCommit;
        set => _mayCommit = value;
    }

    /// <summary>Adds a command; true for the first one, whose caller leads.</summary>
    public bool Add(IStoreCommand command)
    {
        _commands.Add(command);
        return _commands.Count == 1;
    }

    /// <summary>Completes it for all whose commands are in it.</summary>
    /// <param name="failure">null when all of it may be answered.</param>
    public void End(Exception? failure)
    {
        _failure = failure;
        _hasEnded = true;
        if (_commands.Count > 1)
        {
            ended.Wake();
        }
    }

    // Each caller gets an exception of its own: one object thrown by many threads would have a useless stack trace.
    public void ThrowIfFailed()
    {
        if (_failure is KlockException refused)
        {
            throw new KlockException(refused.Code, refused.Message, refused);
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
