using System.Runtime.ExceptionServices;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;

namespace Klock.Storage.Sqlite;

/// <summary>Commands that share a transaction, and what became of it.</summary>
/// <param name="ended">Wakes whoever waits for its end, and perhaps others.</param>
internal sealed class Batch(ThreadSignal ended)
{
    // Bounds how long a transaction can get, and so how long other processes wait for it.
    private const int Most = 256;

    // With fewer, to gather costs them more than a transaction of their own: measured.
    private const int Crowd = 4;

    private readonly List<IStoreCommand> _commands = [];
    private volatile bool _mayCommit;
    private volatile bool _hasEnded;
    private Exception? _failure;

    public IReadOnlyList<IStoreCommand> Commands => _commands;

    /// <summary>Whether there are so many that those of the next one do well to gather first.</summary>
    public bool IsCrowded => _commands.Count >= Crowd;

    /// <summary>Whether its leader, who alone asks, has let the next batch commit.</summary>
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

    /// <summary>Tells all who are in it.</summary>
    /// <param name="failure">null when all of it may be told.</param>
    public void End(Exception? failure)
    {
        _failure = failure;
        _hasEnded = true;
        if (_commands.Count > 1)
        {
            ended.Wake();
        }
    }

    // Each caller gets an exception of its own: the stack trace of one that many threads throw is nobody's.
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
