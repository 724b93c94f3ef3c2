using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Resources;
using Klock.Storage.Sqlite.Holders;
using Klock.Storage.Sqlite.Journal;
using Klock.Storage.Sqlite.Waking;

namespace Klock.Storage.Sqlite;

/// <summary>
/// The state as one store object knows it: it follows the journal, and commands are decided on it. What belongs to processes that are gone
/// is ended first.
/// </summary>
/// <remarks>Not thread-safe. After any failure it must be dropped, since it may have what the file has not.</remarks>
internal sealed class SqliteReplica : IEventSink
{
    private readonly SqliteJournal _journal;
    private readonly LocalWaits _waits;
    private readonly WakeUps _wakeUps;
    private readonly HolderWatch _holders;
    private readonly SharedSessions _sharing;
    private readonly List<Event> _events = [];
    private LeaseTable? _table;

    // How many commands may load only a part of the state, before this counts as a long-lived process. After a failure all is loaded.
    private int _partsLeft = 16;

    /// <param name="journal">What it follows.</param>
    /// <param name="waits">What waits here.</param>
    /// <param name="wakeUps">Told of the others' waits that a decision ends.</param>
    /// <param name="holders">Who knows which processes are gone.</param>
    public SqliteReplica(SqliteJournal journal, LocalWaits waits, WakeUps wakeUps, HolderWatch holders)
    {
        (_journal, _waits, _wakeUps, _holders) = (journal, waits, wakeUps, holders);
        _sharing = new SharedSessions((one, other) => holders.AreTwoLive(journal.File, one, other));
    }

    /// <summary>When something may happen by itself, in ms since 1970: now, when nothing is loaded.</summary>
    public long NextDueMs => _table?.NextDueMs ?? 0;

    /// <summary>The number of the last event.</summary>
    public long Sequence => _table!.Sequence;

    /// <summary>Whether there are refusals whose events wait for one that must be written.</summary>
    public bool HasPendingRefusals => _table is { HasPendingRefusals: true };

    /// <summary>What the last decision has made.</summary>
    public List<Event> Decided => _events;

    void IEventSink.Append(in Event happened) => _events.Add(happened);

    /// <summary>Inside a write transaction: decides commands in their order, on all that is committed.</summary>
    /// <returns>The number of the last event that their answers depend on.</returns>
    public long Decide(IReadOnlyList<IStoreCommand> commands)
    {
        _events.Clear();
        long nowMs = _journal.NowMs;
        LeaseTable? part = TryLoadPart(commands, nowMs);
        LeaseTable table = part ?? Lead();
        foreach (IStoreCommand command in commands)
        {
            command.Run(table, part is null ? _journal.NowMs : nowMs, _waits);
        }

        long promised = table.Sequence;
        if (_events.Count > 0 || part is not null)
        {
            table.FlushRefusals();
        }

        if (_events.Exists(happened => happened.BoundTo == _waits.OwnerId))
        {
            _holders.Introduce(_journal.File);
        }

        return promised;
    }

    /// <summary>
    /// Follows all that is committed, without the write lock. False when something has to be written first: the file was just opened, or
    /// what a dead process held must be released.
    /// </summary>
    public bool TryFollow()
    {
        if (_table is null || !_journal.CanFollow)
        {
            return false;
        }

        Adopt(_journal.Follow(_table));
        return !_holders.MayHaveGone(_journal.File, _table);
    }

    /// <summary>Runs a command that only reads, after <see cref="TryFollow"/>. What is overdue is hidden by the time that it gets.
    /// </summary>
    public void Show(IStoreCommand reading) => reading.Run(_table!, _journal.NowMs, _waits);

    /// <summary>Forgets the state.</summary>
    public void Drop()
    {
        _table = null;
        _partsLeft = 0;
        _waits.TakeBackAnswered();
    }

    private LeaseTable Lead()
    {
        LeaseTable table = Adopt(_journal.CatchUp(_table));
        _holders.End(_journal.File, table, _holders.FindGone(_journal.File, table), _journal.NowMs);
        return table;
    }

    private LeaseTable Adopt(LeaseTable table)
    {
        if (table != _table)
        {
            _table = table;
            table.SendEventsTo(this, defersRefusals: true);
            table.WatchForSharing(_sharing);
            _waits.Attach(table);
        }

        // Whoever ended the others' waits until now has woken them.
        _wakeUps.Forget();
        return table;
    }

    // For a process that runs one command and ends.
    private LeaseTable? TryLoadPart(IReadOnlyList<IStoreCommand> commands, long nowMs)
    {
        if (_table is not null || _partsLeft == 0 || !_waits.IsEmpty || commands is not [{ Concern: { } concern }]
            || !Neighbourhood.IsSmall(concern.Intents.Select(intent => intent.Resource)))
        {
            return null;
        }

        _partsLeft--;
        var part = new StatePart(concern, _holders.FindGone(_journal.File), nowMs);
        LeaseTable? table = _journal.TryLoad(part);
        table?.SendEventsTo(this, defersRefusals: true);
        table?.WatchForSharing(_sharing);
        if (table is not null)
        {
            _holders.End(_journal.File, table, part.Gone, nowMs);
        }

        return table;
    }
}
