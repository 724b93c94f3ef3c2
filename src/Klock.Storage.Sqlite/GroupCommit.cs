using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;

namespace Klock.Storage.Sqlite;

/// <summary>Lets commands that arrive while a commit is under way share the next one.</summary>
/// <typeparam name="T">What there is to know of a commit to settle it.</typeparam>
/// <param name="commit">Runs some commands in their order in one transaction.</param>
/// <param name="settle">
/// Returns when what was committed may be told. Meanwhile the next ones commit: it says when they had better do so, if that is not at once.
/// </param>
/// <param name="batches">How many batches there were before. Their count begins anew after 2^32, some days at full speed.</param>
/// <remarks>
/// Thread-safe. No thread of its own: who comes first to a batch leads it, that is, commits for all who have come, at once if nobody
/// else commits, and hands over to the leader of the next. Whoever is alone commits at once.
/// </remarks>
internal sealed class GroupCommit<T>(Func<IReadOnlyList<IStoreCommand>, T> commit, Action<T, Action?> settle, uint batches = 0)
{
    private readonly Lock _lock = new();
    private readonly Queue<Batch> _gathering = new();
    private readonly ThreadSignal _mayLead = new();

    // A batch ends while the next one is committed and another one gathers: with a few to take turns, nobody is woken for another batch.
    private readonly ThreadSignal[] _ended = [new(), new(), new(), new()];
    private Batch? _last;
    private uint _batches = batches;
    private bool _isLed;

    /// <summary>Runs a command and returns when all it changed is stored.</summary>
    /// <exception cref="KlockException">The transaction that it was in failed: nothing of it is stored.</exception>
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
            // They are led in their order, so it is the first one.
            _gathering.Dequeue();
            _last = _gathering.Count == 0 ? null : _last;
        }

        try
        {
            T committed = commit(batch.Commands);
            if (batch.IsCrowded)
            {
                // They come in crowds. What commits before this batch is on its way to the disk has to wait for the same flush as what
                // commits then, when more have come to share the transaction.
                settle(committed, () => HandOver(batch));
                HandOver(batch);
            }
            else
            {
                HandOver(batch);
                settle(committed, null);
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
