using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>
/// The state as one store knows it: it follows what the journal has, and decides on it what the journal may take. A decision stands when
/// it is kept; until then it can be taken back, and made again on what others have decided meanwhile.
/// </summary>
/// <remarks>
/// Not thread-safe. Every event that is followed is moved into this store's own time: it counts as happened now, and what it gives lasts
/// as long as its writer said. So a lease lasts its whole ttl from when this store learned of it, whatever other clocks say; and whoever
/// decided it counts from its own decision, which its holder cannot have known earlier.
/// </remarks>
internal sealed class Replica : IEventSink
{
    private readonly LocalWaits _waits;
    private readonly ReplicaClock _clock;
    private readonly List<Event> _events = [];
    private LeaseTable? _table;

    public Replica(LocalWaits waits, ReplicaClock clock)
    {
        _waits = waits;
        _clock = clock;
    }

    /// <summary>Whether there is a state. When not, it must be loaded before anything is decided.</summary>
    public bool IsLoaded => _table is not null;

    /// <summary>The number of the last event.</summary>
    public long Head { get; private set; }

    /// <summary>When something may happen by itself, in ms since 1970 of this store's clock: now, when nothing is loaded.</summary>
    public long NextDueMs => _table?.NextDueMs ?? 0;

    /// <summary>Whether there are refusals that wait for an event to ride with.</summary>
    public bool HasPendingRefusals => _table is { HasPendingRefusals: true };

    /// <summary>What the current decision has made.</summary>
    public IReadOnlyList<Event> Decided => _events;

    void IEventSink.Append(in Event happened) => _events.Add(happened);

    /// <summary>Begins anew, with the state that the events make.</summary>
    /// <param name="head">The number of the journal's last event.</param>
    /// <param name="events">The events.</param>
    public void Load(long head, IEnumerable<Event> events)
    {
        var table = new LeaseTable(0);
        long nowMs = _clock.NowMs;
        foreach (Event happened in events)
        {
            if (happened.Kind is EventKind.Expired or EventKind.Revoked && table.FindLease(happened.LeaseId) is null)
            {
                LeaseState how = happened.Kind == EventKind.Expired ? LeaseState.Expired : LeaseState.Revoked;
                table.RememberEnded(happened.LeaseId, how, nowMs);
            }
            else
            {
                table.Apply(happened.Shifted(nowMs - happened.AtMs));
            }
        }

        table.MoveTo(head, nowMs);
        table.SendEventsTo(this, defersRefusals: true);
        _table = table;
        Head = head;
        _waits.Attach(table);
        _waits.CompleteAnswered(head);
    }

    /// <summary>Follows what others have decided, and what this store decided without learning that it stands.</summary>
    /// <exception cref="InvalidOperationException">It does not fit: this is not a replica of that journal.</exception>
    public void Follow(IEnumerable<JournalBatch> batches)
    {
        foreach (JournalBatch batch in batches)
        {
            if (batch.After < Head)
            {
                continue; // a hint was late
            }

            if (batch.After > Head)
            {
                throw new InvalidOperationException($"The journal goes on after {batch.After}, and here the last event is {Head}.");
            }

            foreach (Event happened in batch.Events)
            {
                _table!.Apply(happened.Shifted(_clock.NowMs - happened.AtMs));
            }

            Head = batch.Events[^1].Sequence;
        }

        _waits.CompleteAnswered(Head);
    }

    /// <summary>Decides commands in their order, until <see cref="Keep"/> or <see cref="TakeBack"/>.</summary>
    public void Decide(IEnumerable<IStoreCommand> commands)
    {
        _events.Clear();
        LeaseTable table = _table!;
        table.BeginTentative();
        foreach (IStoreCommand command in commands)
        {
            command.Run(table, _clock.NowMs, _waits);
        }

        if (_events.Count > 0)
        {
            table.FlushRefusals();
        }
    }

    /// <summary>The journal has what was decided: it may be told.</summary>
    public void Keep()
    {
        _table!.Keep();
        Head = _table.Sequence;
        _events.Clear();
        _waits.CompleteAnswered(Head);
    }

    /// <summary>The journal has not taken what was decided, as others were earlier: the state is as it was before.</summary>
    public void TakeBack()
    {
        _table!.TakeBack();
        _events.Clear();
        _waits.TakeBackAnswered();
    }

    /// <summary>Forgets the state: it may have what the journal has not.</summary>
    public void Drop()
    {
        _table = null;
        _events.Clear();
        _waits.TakeBackAnswered();
    }
}
