using System.Runtime.CompilerServices;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Undo;
using Xunit;

namespace Klock.Kernel.Tests.Undo;

/// <summary>One random run: batches of commands, half of them taken back; and what must be true of that.</summary>
/// <remarks>
/// After a batch that was taken back the table is, to the last private index, what it was. A second table runs only the batches that are
/// kept and is never tentative: both answer alike and make the same events, so that nothing is left of what was taken back. A third
/// follows the events; now and then it takes over.
/// </remarks>
internal sealed class Batches
{
    private const long FirstSequence = 1_000;
    private readonly RandomDeeds _deeds;
    private readonly int _seed;
    private readonly long[] _reached;
    private readonly int _crowdAbove;
    private readonly long _keepAliveMs;
    private readonly bool _defersRefusals;
    private readonly int _freesAtMost;
    private readonly List<Event> _events = [];
    private readonly List<Event> _plainEvents = [];
    private readonly List<object> _trace = [];
    private LeaseTable _table;
    private LeaseTable _plain;
    private LeaseTable _follower;
    private LeaseTable _plainFollower;

    private Batches(int seed, long[] reached)
    {
        _seed = seed;
        _reached = reached;
        _deeds = new RandomDeeds(seed);
        _crowdAbove = _deeds.Pick(0, 1, 3, _deeds.Crowds ? 3 : 32);
        _keepAliveMs = _deeds.Crowds ? LeaseTable.AlwaysAliveMs : _deeds.Pick(5_000L, 5_000L, LeaseTable.AlwaysAliveMs);
        _defersRefusals = _deeds.Below(3) == 0;
        _freesAtMost = _deeds.Pick(1, 3, int.MaxValue, int.MaxValue);
        (_table, _plain, _follower, _plainFollower) = (NewTable(), NewTable(), NewTable(), NewTable());
        Lead();
    }

    /// <summary>Runs a seed.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="count">How many batches.</param>
    /// <param name="reached">Counts by kind what was taken back.</param>
    public static void Run(int seed, int count, long[] reached)
    {
        var run = new Batches(seed, reached);
        for (int i = 0; i < count; i++)
        {
            run.RunOne();
        }
    }

    private LeaseTable NewTable()
    {
        var table = new LeaseTable(FirstSequence, _crowdAbove)
        {
            WaitKeepAliveMs = _keepAliveMs,
            FreesAtMost = _freesAtMost,
            Limits = new TableLimits { Leases = 120, SessionLeases = 40, Waits = 100, SessionWaits = 30, NameWaits = 60 },
        };
        table.WatchForSharing(new SharedSessions(static (_, _) => true));
        return table;
    }

    private void Lead()
    {
        _table.SendEventsTo(new Gatherer(_events), _defersRefusals);
        _plain.SendEventsTo(new Gatherer(_plainEvents), _defersRefusals);
    }

    private void RunOne()
    {
        if (_deeds.Below(200) == 0)
        {
            Failover();
        }

        if (_deeds.Below(2) == 0)
        {
            RunAndTakeBack();
        }
        else
        {
            RunAndKeep();
        }
    }

    private int SizeOfBatch() => _deeds.Below(20) == 0 ? 40 : _deeds.Below(6);

    private void RunAndTakeBack()
    {
        // A verdict ends what is overdue; where something is, the state alone is compared.
        bool asks = _deeds.Below(4) == 0 && _table.NextDueMs > _table.NowMs && !Judges(_table).Any;
        string verdicts = asks ? Verdicts() : "";
        string before = _table.Dump();
        bool hadMore = _table.HasMoreToFree;
        int events = _events.Count;
        _table.BeginTentative();
        _trace.Add("begin");
        for (int i = SizeOfBatch(); i > 0; i--)
        {
            Deed deed = _deeds.Next(_table);
            _trace.Add(deed);
            deed.Run(_table);
        }

        CountChanges();
        _table.TakeBack();
        _trace.Add("taken back");
        _events.RemoveRange(events, _events.Count - events);
        Same(before, _table.Dump(), "the state");
        Same(hadMore.ToString(), _table.HasMoreToFree.ToString(), "whether there are more to free");
        Guard(() => _table.CheckAll(leads: false));
        if (asks)
        {
            Same(verdicts, Verdicts(), "the verdicts");
            Same(before, _table.Dump(), "the state, after the verdicts");
        }
    }

    private void RunAndKeep()
    {
        _table.BeginTentative();
        for (int i = SizeOfBatch(); i > 0; i--)
        {
            Deed deed = _deeds.Next(_table);
            _trace.Add(deed);
            string answer = deed.Run(_table);
            Same(deed.Run(_plain), answer, "the answer");
        }

        _table.Keep();
        Same(string.Join('\n', _plainEvents.Select(TextOf)), string.Join('\n', _events.Select(TextOf)), "the events");
        Follow(_follower);
        Follow(_plainFollower);
        if (_deeds.Below(3) == 0)
        {
            CompareFacts();
        }

        foreach (Event happened in _events)
        {
            Same($"{_plain.FindEnded(happened.LeaseId)}", $"{_table.FindEnded(happened.LeaseId)}", "what is remembered of an end");
            Same($"{_plain.FindEnded(happened.LeaseId)}", $"{_follower.FindEnded(happened.LeaseId)}", "what the follower has of an end");
        }

        _events.Clear();
        _plainEvents.Clear();
    }

    private void CompareFacts()
    {
        string facts = Facts.Of(_plain);
        Same(facts, Facts.Of(_table), "the facts");
        Same(facts, Facts.Of(_follower), "what the follower knows");
        if (_deeds.Below(4) == 0)
        {
            LeaseTable loaded = Loaded(_table);
            Same(facts, Facts.Of(loaded), "what is loaded");
            Guard(() => loaded.CheckAll(leads: false));
        }
        Guard(() => _table.CheckAll(leads: false));
        Guard(() => _follower.CheckAll(leads: false));
    }

    private void Follow(LeaseTable follower)
    {
        foreach (Event happened in _events)
        {
            // As from a journal that leaves out what a follower knows.
            Event completed = follower.Completed(happened.Brief());
            Same(TextOf(happened), TextOf(completed), "what the follower knows of an event");
            follower.Apply(completed);
        }

        follower.MoveTo(_table.Sequence, _table.NowMs);
    }

    // As a store does that keeps the state as events.
    private LeaseTable Loaded(LeaseTable table)
    {
        List<Event> state = [];
        table.WriteState(new Gatherer(state));
        LeaseTable loaded = NewTable();
        foreach (Event happened in state)
        {
            if (happened.Kind is EventKind.Expired or EventKind.Revoked)
            {
                LeaseState how = happened.Kind == EventKind.Expired ? LeaseState.Expired : LeaseState.Revoked;
                loaded.RememberEnded(happened.LeaseId, how, happened.AtMs);
            }
            else
            {
                loaded.Apply(loaded.Completed(happened));
            }
        }

        loaded.MoveTo(table.Sequence, table.NowMs);
        return loaded;
    }

    // Its refusals are written first: a follower knows of none that are pending.
    private void Failover()
    {
        _trace.Add("the follower takes over");
        _table.FlushRefusals();
        _plain.FlushRefusals();
        _events.Clear();
        _plainEvents.Clear();
        foreach (LeaseTable follower in new[] { _follower, _plainFollower })
        {
            follower.MoveTo(_table.Sequence, _table.NowMs);
        }

        if (_deeds.Below(2) == 0)
        {
            _trace.Add("or rather one that is loaded");
            (_follower, _plainFollower) = (Loaded(_table), Loaded(_plain));
        }

        (_table, _follower) = (_follower, _table);
        (_plain, _plainFollower) = (_plainFollower, _plain);
        _follower.SendEventsTo(null);
        _plainFollower.SendEventsTo(null);
        Lead();
    }

    private string Verdicts()
    {
        List<string> verdicts = [];
        foreach (Resource name in _deeds.HotNames)
        {
            foreach (Predicate predicate in new[] { Predicate.Consumes, Predicate.Provides, Predicate.Mutates })
            {
                foreach (string agent in new[] { "agent0", "agent1", "stranger" })
                {
                    Intent[] intents = [new Intent(predicate, name)];
                    verdicts.Add(RandomDeeds.TextOf(_table.Declare(agent, "s0", intents, _table.NowMs), _table.NowMs));
                }
            }
        }

        return string.Join('\n', verdicts);
    }

    private static string TextOf(Event happened) =>
        $"{happened with { Wait = null }} {happened.Wait?.Id} {happened.Wait?.Outcome} {happened.Wait?.Successor} "
        + $"{happened.Wait?.DeadlineMs}";

    private void Guard(Action check)
    {
        try
        {
            check();
        }
        catch (Invariants.BrokenInvariantException broken)
        {
            Fail(broken.Message);
        }
    }

    private void Same(string expected, string actual, string what)
    {
        if (!string.Equals(expected, actual, StringComparison.Ordinal))
        {
            string[] was = expected.Split('\n');
            string[] now = actual.Split('\n');
            Fail($"{what} differs\n was:\n{string.Join('\n', was.Except(now, StringComparer.Ordinal))}\n is:\n"
                + string.Join('\n', now.Except(was, StringComparer.Ordinal)));
        }
    }

    private void Fail(string what) =>
        Assert.Fail($"seed {_seed} crowds above {_crowdAbove}: {what}\nafter\n{string.Join('\n', _trace.TakeLast(30))}");

    private void CountChanges()
    {
        UndoLog log = LogOf(_table);
        for (int i = 0; i < Count(log); i++)
        {
            _reached[(int)Changes(log)[i].Kind]++;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_due")]
    private static extern ref Klock.Kernel.Waits.DueWaits Judges(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_log")]
    private static extern ref UndoLog LogOf(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_count")]
    private static extern ref int Count(UndoLog log);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_changes")]
    private static extern ref Change[] Changes(UndoLog log);
}
