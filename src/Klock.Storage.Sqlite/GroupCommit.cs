using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;

namespace Klock.Storage.Sqlite;

/// <summary>Lets commands that arrive while a commit is under way share the next one.</summary>
/// <typeparam name="T">What a commit returns, and the flush needs.</typeparam>
/// <param name="commit">Runs some commands in their order in one transaction.</param>
/// <param name="flush">
/// Returns when what was committed may be answered. The next batch may commit meanwhile: the callback is called when it should, if that is
/// not at once.
/// </param>
/// <param name="batches">How many batches there were before. The count wraps at 2^32, after some days at full speed.</param>
/// <remarks>
/// Thread-safe, without a thread of its own. The first caller of a batch is its leader: it commits for all who have joined, at once if
/// nobody else is committing, and hands over to the leader of the next batch. A caller that is alone commits at once.
/// </remarks>
internal sealed class GroupCommit<T>(Func<IReadOnlyList<IStoreCommand>, T> commit, Action<T, Action?> flush, uint batches = 0)
{
    private readonly Lock _lock = new();
    private readonly Queue<Batch> _gathering = new();
    private readonly ThreadSignal _mayLead = new();

    // One batch ends while the next commits and a third gathers. A few signals in turn suffice so that nobody is woken for another batch.
    private readonly ThreadSignal[] _ended = [new(), new(), new(), new()];
    private Batch? _last;
    private uint _batches = batches;
    private bool _isLed;

    /// <summary>Runs a command and returns when all its changes are stored.</summary>
    /// <exception cref="KlockException">Its transaction failed: nothing of it is stored.</exception>
    public void Execute(IStoreCommand command)
    {
        Batch batch;
        bool leads;
        lock (_lock)
        {
            batch = Gather_NeedsLock();
            leads = batch.Add(command);
            if (leads && !_isLed)
            {
                _isLed = batch.MayCommit = true;
            }
        }

        if (leads)
        {
            _mayLead.SleepUntil(batch, static batch => batch.MayCommit);
            Lead(batch);
        }
        else
        {
            batch.Ended.SleepUntil(batch, static batch => batch.HasEnded);
        }

        batch.ThrowIfFailed();
    }

    private Batch Gather_NeedsLock()
    {
        if (_last is null || _last.IsFull)
        {
            _last = new Batch(_ended[unchecked(_batches++) % (uint)_ended.Length]);
            _gathering.Enqueue(_last);
        }

        return _last;
    }

    private void Lead(Batch batch)
    {
        lock (_lock)
        {
            // Batches are led in order, so this is the first one.
            _gathering.Dequeue();
            _last = _gathering.Count == 0 ? null : _last;
        }

        try
        {
            T committed = commit(batch.Commands);
            if (batch.IsCrowded)
            {
                // Under load: a batch that committed before this one is on the disk would have to wait for the same flush as one that
                // commits afterwards, when more commands have joined its transaction.
                flush(committed, () => HandOver(batch));
                HandOver(batch);
            }
            else
            {
                HandOver(batch);
                flush(committed, null);
            }

            batch.End(failure: null);
        }
        catch (Exception failure)
        {
            HandOver(batch);
            batch.End(failure);
        }
    }

    private void HandOver(Batch batch)
    {
        if (batch.IsHandedOver)
        {
            return;
        }

        batch.IsHandedOver = true;
        Batch? next;
        lock (_lock)
        {
            _isLed = _gathering.TryPeek(out next);
            if (next is not null)
            {
                next.MayCommit = true;
            }
        }

        if (next is not null)
        {
            _mayLead.Wake();
        }
    }
}
