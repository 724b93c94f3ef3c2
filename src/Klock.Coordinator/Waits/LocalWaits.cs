using System.Collections.Concurrent;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Waits;

/// <summary>The requests that wait through one store object, and which of their callers is the timekeeper.</summary>
/// <remarks>
/// There is no background thread: a library in a host that forks must have none. Of all callers that block here, one is the
/// timekeeper: it sleeps until something is due, or for as long as the store may go unwatched, and then ticks the store. The others sleep
/// until they are answered. A timekeeper that is answered hands over to another. A wait with a ticket has no caller of its own: whoever
/// collects the answers is one caller for all of them.
/// Thread-safe, as far as a table is: whoever hands one in, or runs a command on it, is the only one that uses it meanwhile.
/// </remarks>
public sealed class LocalWaits(LeaseId ownerId, bool bindsLeases = false) : IWaitObserver
{
    // Below every number: answers that no event stands behind, which are completed at once.
    private const long RestsOnNothing = 0;

    private readonly Lock _lock = new();
    private readonly Dictionary<LeaseId, PendingWait> _pending = [];
    private readonly List<(PendingWait Pending, long Sequence)> _answered = [];
    private readonly HashSet<ITimekeeper> _callers = [];
    private LeaseTable? _table;
    private ITimekeeper? _timekeeper;

    /// <summary>The id under which this process waits.</summary>
    public LeaseId OwnerId { get; } = ownerId;

    /// <summary>What leases that are asked for here are bound to: this process, or nothing.</summary>
    internal LeaseId BoundTo { get; } = bindsLeases ? ownerId : default;

    /// <summary>Waits that nobody waits for any more and that may still be in the store, which failed when they were to be taken off:
    /// others who wait here keep them alive too. Thread-safe.</summary>
    internal ConcurrentQueue<PendingWait> Abandoned { get; } = [];

    /// <summary>Is told, by its id, of each other process that waits through the store of which a wait has ended, under the lock of the
    /// table; null where no other process does.</summary>
    public Action<LeaseId>? EndedElsewhere { get; init; }

    /// <summary>Whether nobody waits here.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count == 0;
            }
        }
    }

    /// <summary>Whether waits have ended whose callers were not notified yet.</summary>
    public bool HasAnswered
    {
        get
        {
            lock (_lock)
            {
                return _answered.Count > 0;
            }
        }
    }

    /// <summary>
    /// Observes a table from now on. A wait that is not in it ended unnoticed, between an old table and this one: its answer is what it
    /// got, if anything.
    /// </summary>
    public void Attach(LeaseTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _table?.ObserveWaits(null);
        _table = table;
        table.ObserveWaits(this);
        foreach (PendingWait unseen in PendingWhere(pending => table.FindWaiter(pending.Id) is null))
        {
            IReadOnlyList<Lease> granted = table.FindGranted(unseen.Waiter);
            if (granted.Count > 0)
            {
                Ended(unseen.Waiter, WaitOutcome.Granted, granted);
            }
            else
            {
                End(unseen, ErrorCode.StorageUnavailable, "The store failed while the request waited, and its place is lost: ask again.");
            }
        }
    }

    /// <summary>Called while the store fails: ends the waits whose time is up.</summary>
    public void GiveUp(long nowMs)
    {
        foreach (PendingWait late in PendingWhere(pending => pending.Waiter.DeadlineMs <= nowMs))
        {
            End(late, ErrorCode.StorageUnavailable, "The store fails, and the time to wait is up: nothing was granted or changed.");

            // In the store, whose clock may have stood still, its time may not be up.
            Abandoned.Enqueue(late);
        }

        CompleteAnswered(RestsOnNothing);
    }

    /// <inheritdoc />
    public void Ended(Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases)
    {
        ArgumentNullException.ThrowIfNull(waiter);
        if (waiter.OwnerId != OwnerId)
        {
            EndedElsewhere?.Invoke(waiter.OwnerId);
            return;
        }

        lock (_lock)
        {
            if (!_pending.TryGetValue(waiter.Id, out PendingWait? pending))
            {
                return;
            }

            var json = new JsonText(pending.Reply.Writer);
            pending.Reply.Outcome = pending.Writer.WriteAnswer(ref json, _table!, waiter, outcome, leases);
            json.Finish();
            MoveToAnswered_NeedsLock(pending, _table!.Sequence);
        }
    }

    /// <summary>Completes the waits that ended by a number of the table. Called when what their answers rest on is stored.</summary>
    /// <param name="sequence">All events up to this one are stored.</param>
    public void CompleteAnswered(long sequence)
    {
        // Nearly always. Whoever ends a wait calls this itself afterwards, so one not visible yet is not forgotten.
        if (_answered.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            int kept = 0, seen = 0;
            try
            {
                for (; seen < _answered.Count; seen++)
                {
                    if (_answered[seen].Sequence > sequence)
                    {
                        _answered[kept++] = _answered[seen];
                    }
                    else
                    {
                        _answered[seen].Pending.Finish();
                    }
                }
            }
            finally
            {
                // One that could not be completed is completed the next time.
                _answered.RemoveRange(kept, seen - kept);
            }
        }
    }

    /// <summary>Withdraws answers that are not completed: what they rest on was not stored.</summary>
    public void TakeBackAnswered()
    {
        lock (_lock)
        {
            foreach ((PendingWait pending, _) in _answered)
            {
                pending.Reply.Clear();
                if (!pending.IsForgotten)
                {
                    _pending.Add(pending.Id, pending);
                }
            }

            _answered.Clear();
        }
    }

    /// <summary>Ends all waits here, when the store is closed for good.</summary>
    public void CloseAll() => EndAll(ErrorCode.Closed, "The handle was closed while the request waited.");

    /// <summary>Ends all waits here with an error, when the store will never answer them.</summary>
    /// <param name="code">For a program.</param>
    /// <param name="sentence">For a person.</param>
    internal void EndAll(ErrorCode code, string sentence)
    {
        foreach (PendingWait pending in PendingWhere(static _ => true))
        {
            End(pending, code, sentence);
        }

        CompleteAnswered(RestsOnNothing);
    }

    /// <summary>Wakes the timekeeper: something is due earlier than it knows.</summary>
    internal void WakeTimekeeper()
    {
        lock (_lock)
        {
            _timekeeper?.Signal();
        }
    }

    internal void Add(PendingWait pending)
    {
        lock (_lock)
        {
            _pending.Add(pending.Id, pending);
        }
    }

    /// <summary>Until when a request waits here at the most, in ms since 1970 of the store's clock; null when it does not.</summary>
    internal long? DeadlineOf(LeaseId wait)
    {
        lock (_lock)
        {
            return _pending.TryGetValue(wait, out PendingWait? pending) ? pending.Waiter.DeadlineMs : null;
        }
    }

    /// <summary>Nobody waits for this answer any more.</summary>
    internal void Forget(PendingWait pending)
    {
        lock (_lock)
        {
            _pending.Remove(pending.Id);
            pending.IsForgotten = true;
        }
    }

    /// <summary>Whether this caller, who is about to block, is the timekeeper: it is already, or nobody was.</summary>
    internal bool KeepsTime(ITimekeeper caller)
    {
        lock (_lock)
        {
            _callers.Add(caller);
            _timekeeper ??= caller;
            return _timekeeper == caller;
        }
    }

    /// <summary>A caller blocks no more; if it was the timekeeper, another one is woken to take over.</summary>
    /// <remarks>Also when there is no timekeeper: a caller that was woken to take over may be the one who leaves.</remarks>
    internal void Leave(ITimekeeper caller)
    {
        lock (_lock)
        {
            _callers.Remove(caller);
            if (_timekeeper is null || _timekeeper == caller)
            {
                _timekeeper = null;
                _callers.FirstOrDefault()?.Signal();
            }
        }
    }

    private List<PendingWait> PendingWhere(Func<PendingWait, bool> asked)
    {
        lock (_lock)
        {
            return [.. _pending.Values.Where(asked)];
        }
    }

    private void End(PendingWait pending, ErrorCode code, string sentence)
    {
        lock (_lock)
        {
            // It may have been answered since it was found here.
            if (_pending.ContainsKey(pending.Id))
            {
                Answers.WriteError(pending.Reply, code, sentence);
                MoveToAnswered_NeedsLock(pending, RestsOnNothing);
            }
        }
    }

    private void MoveToAnswered_NeedsLock(PendingWait pending, long sequence)
    {
        _pending.Remove(pending.Id);
        _answered.Add((pending, sequence));
    }
}
