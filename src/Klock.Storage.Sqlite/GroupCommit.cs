using System.Runtime.ExceptionServices;
using Klock.Coordinator;
using Klock.Coordinator.Stores;

namespace Klock.Storage.Sqlite;

/// <summary>Lets commands that arrive while a commit is under way share the next one.</summary>
/// <param name="commit">Runs some commands in their order in one transaction, and returns when it is stored.</param>
/// <remarks>
/// Thread-safe. No thread of its own: the first caller leads, that is, commits for all who have come, and hands over to one
/// who came meanwhile. Whoever is alone commits at once.
/// </remarks>
internal sealed class GroupCommit(Action<IReadOnlyList<IStoreCommand>> commit)
{
    // Bounds how long a transaction can get, and so how long other processes wait for it.
    private const int Most = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Turn> _waiting = new();
    private bool _isLed;

    /// <summary>Runs a command and returns when all it changed is stored.</summary>
    /// <exception cref="KlockException">The transaction that it was in failed: nothing of it is stored.</exception>
    public void Execute(IStoreCommand command)
    {
        var turn = new Turn(command);
        bool leads;
        lock (_lock)
        {
            _waiting.Enqueue(turn);
            leads = !_isLed;
            _isLed = true;
        }

        if (leads || turn.Wait())
        {
            Lead();
        }

        turn.ThrowIfFailed();
    }

    // Whoever leads has its own turn at the head of the queue, so it is in the batch.
    private void Lead()
    {
        Turn[] batch;
        lock (_lock)
        {
            batch = new Turn[Math.Min(_waiting.Count, Most)];
            for (int i = 0; i < batch.Length; i++)
            {
                batch[i] = _waiting.Dequeue();
            }
        }

        Exception? failure = null;
        try
        {
            commit(Array.ConvertAll(batch, static turn => turn.Command));
        }
        catch (Exception caught)
        {
            failure = caught;
        }

        HandOver();
        foreach (Turn turn in batch)
        {
            turn.End(failure);
        }
    }

    private void HandOver()
    {
        lock (_lock)
        {
            if (_waiting.TryPeek(out Turn? next))
            {
                next.BeginToLead();
            }
            else
            {
                _isLed = false;
            }
        }
    }

    private sealed class Turn(IStoreCommand command)
    {
        private readonly object _signal = new();
        private Exception? _failure;
        private bool _leads;
        private bool _ended;

        public IStoreCommand Command { get; } = command;

        /// <summary>Blocks until it has ended, or is to lead: then true.</summary>
        public bool Wait()
        {
            lock (_signal)
            {
                while (!_ended && !_leads)
                {
                    Monitor.Wait(_signal);
                }

                return !_ended;
            }
        }

        public void BeginToLead()
        {
            lock (_signal)
            {
                _leads = true;
                Monitor.Pulse(_signal);
            }
        }

        public void End(Exception? failure)
        {
            lock (_signal)
            {
                _failure = failure;
                _ended = true;
                Monitor.Pulse(_signal);
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
}
