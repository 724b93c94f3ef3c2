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
    private const long OthersFirstMs = 1_000;

    private readonly LocalWaits _waits;
    private readonly ReplicaClock _clock;
    private readonly List<Event> _events = [];
    private readonly ShownEvents _shown;
    private readonly OwnEnds _own;
    private LeaseTable? _table;

    /// <param name="waits">What waits here.</param>
    /// <param name="clock">The store's clock.</param>
    /// <param name="shown">Gets every event that stands.</param>
    public Replica(LocalWaits waits, ReplicaClock clock, ShownEvents shown)
    {
        _waits = waits;
        _clock = clock;
        _shown = shown;
        _own = new OwnEnds(waits.OwnerId);
    }

    /// <summary>Whether there is a state. When not, it must be loaded before anything is decided.</summary>
    public bool IsLoaded => _table is not null;

    /// <summary>How far it has come.</summary>
    public JournalHead At { get; private set; }

    /// <summary>The number of the last event.</summary>
    public long Head => At.Sequence;

    /// <summary>When something may happen by itself, in ms since 1970 of this store's clock: now, when nothing is loaded.</summary>
    public long NextDueMs => _table?.NextDueMs ?? 0;

    /// <summary>
    /// The same for this store alone: what another one wrote last is its duty, and here it is due a second later, in case that is gone.
    /// Else all stores would append the same end at the same ms.
    /// </summary>
    public long NextOwnDueMs => NextDueMs is var next && next < long.MaxValue - OthersFirstMs && !HasMoreToFree
        ? Math.Clamp(_own.FirstMs, next, next + OthersFirstMs)
        : next;

    /// <summary>Whether there are refusals that wait for an event to ride with.</summary>
    public bool HasPendingRefusals => _table is { HasPendingRefusals: true };

    /// <summary>Whether some whom the last command has freed are still to be granted.</summary>
    public bool HasMoreToFree => _table is { HasMoreToFree: true };

    /// <summary>Whether somebody may be granted by whatever command comes next.</summary>
    public bool HasToJudge => _table is { HasToJudge: true };

    /// <summary>How many events a command may make by granting those whom it frees, from 1; the rest are left to the next.</summary>
    public int FreesAtMost
    {
        set => _table!.FreesAtMost = value;
    }

    /// <summary>What the current decision has made.</summary>
    public IReadOnlyList<Event> Decided => _events;

    void IEventSink.Append(in Event happened) => _events.Add(happened);

    /// <summary>Begins anew, with what the journal has. Everything that runs begins to run now.</summary>
    /// <exception cref="InvalidDataException">It does not fit together.</exception>
    public void Load(JournalState state)
    {
        JournalSnapshot? snapshot = state.Snapshot;
        long firstMs = _clock.NowMs;
        var table = new LeaseTable(0);
        _own.Clear();
        foreach (Event happened in snapshot?.State ?? [])
        {
            Restore(table, happened, firstMs);
        }

        At = new JournalHead(snapshot?.Head ?? 0, snapshot?.Last ?? default);
        table.MoveTo(Head, firstMs);
        long before = state.Batches.Count > 0 ? state.Batches[0].Events[0].Sequence - 1 : Head;
        _shown.Begin(snapshot?.ShownAfter ?? before, snapshot?.Shown ?? []);
        foreach (JournalBatch batch in state.Batches)
        {
            Check(At.MayHave(batch.Before));
            Apply(table, batch);
        }

        // An older Klock has not said of its snapshot which batch was the last one; the journal's head says it of its own.
        Check(At.MayHave(state.Last));
        At = At.Last == default ? At with { Last = state.Last } : At;
        _shown.Show();
        table.SendEventsTo(this, defersRefusals: true);
        _table = table;
        _waits.Attach(table);
        _waits.CompleteAnswered(Head);
    }

    /// <summary>The state, for a snapshot.</summary>
    public JournalSnapshot TakeSnapshot()
    {
        var state = new EventBuffer();
        _table!.WriteState(state);
        var shown = new EventBuffer();
        long shownAfter = _shown.Read(0, int.MaxValue, shown);
        return new JournalSnapshot(Head, state.Events, shown.Events, shownAfter) { Last = At.Last };
    }

    /// <summary>Whether batches go on from here. When not, they are of another history, which has come to the same number.</summary>
    public bool MayFollow(IEnumerable<JournalBatch> batches)
    {
        JournalHead at = At;
        foreach (JournalBatch batch in batches.Where(batch => batch.After >= Head))
        {
            if (!at.MayHave(batch.Before))
            {
                return false;
            }

            at = batch.End;
        }

        return true;
    }

    /// <summary>Follows what others have decided, and what this store decided without learning that it stands.</summary>
    /// <exception cref="InvalidOperationException">It does not fit: this is not a replica of that journal.</exception>
    public void Follow(IEnumerable<JournalBatch> batches)
    {
        foreach (JournalBatch batch in batches)
        {
            // Else a hint was late.
            if (batch.After >= Head)
            {
                Apply(_table!, batch);
            }
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
    /// <param name="batch">What was decided, as it is in the journal; one without events changes nothing.</param>
    public void Keep(JournalBatch batch)
    {
        _table!.Keep();
        At = batch.Events.Count > 0 ? batch.End : At;
        _shown.Append(_events);
        foreach (Event happened in _events)
        {
            _own.Note(happened, _waits.OwnerId);
        }

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

    private void Apply(LeaseTable table, JournalBatch batch)
    {
        if (batch.After != Head)
        {
            throw new InvalidOperationException($"The journal goes on after {batch.After}, and here the last event is {Head}.");
        }

        var whole = new List<Event>(batch.Events.Count);
        foreach (Event happened in batch.Events)
        {
            Event completed = table.Completed(happened);
            whole.Add(completed);
            Event shifted = InOwnTime(completed);
            table.Apply(shifted);
            _own.Note(shifted, batch.Id.Writer);
        }

        At = batch.End;
        _shown.Append(whole);
    }

    private void Check(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidDataException($"The journal does not go on from event {Head}, but from one that another history has there");
        }
    }

    // Who waits here waits no longer than was asked, however often the state is loaded meanwhile.
    private Event InOwnTime(in Event happened)
    {
        Event shifted = happened.Shifted(_clock.NowMs - happened.AtMs);
        return shifted.Wait is { } wait && _waits.DeadlineOf(wait.Id) is { } asked ? shifted.EndingBy(asked) : shifted;
    }

    private void Restore(LeaseTable table, in Event happened, long nowMs)
    {
        switch (happened.Kind)
        {
            case EventKind.Expired:
                table.RememberEnded(happened.LeaseId, LeaseState.Expired, nowMs);
                break;
            case EventKind.Revoked:
                table.RememberEnded(happened.LeaseId, LeaseState.Revoked, nowMs);
                break;
            case EventKind.Queued or EventKind.Parked:
                // Whoever waits is as alive as one whose sign of life comes now.
                Event waiting = InOwnTime(happened) with { ExpiresAtMs = nowMs + table.WaitKeepAliveMs };
                table.Apply(waiting);
                _own.Note(waiting, writer: default);
                break;
            default:
                table.Apply(InOwnTime(happened));
                break;
        }
    }
}
