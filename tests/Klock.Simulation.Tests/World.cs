using Klock.Kernel;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Invariants;
using Klock.Simulation.Tests.Bookkeeping;
using Klock.Simulation.Tests.Commands;
using Klock.Simulation.Tests.Inside;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests;

/// <summary>A kernel, its follower and the book, which are compared after every command.</summary>
internal sealed class World
{
    // A store starts counting at the wall clock in µs; from anywhere it must be the same.
    private const long FirstSequence = 1_000_000;
    private readonly bool _defersRefusals;
    private readonly Rule _rule;
    private readonly Settled _settled;
    private readonly Clerk _clerk;
    private readonly Leftovers _leftovers = new();
    private readonly Rows _rows;
    private Replica _leader;
    private Replica _follower;

    public World(Universe universe, People people, long keepAliveMs, bool defersRefusals, int crowdAbove)
    {
        _defersRefusals = defersRefusals;
        people.ForgetAll();
        Book = new Book(universe, people, FirstSequence, keepAliveMs);
        _rule = new Rule(Book);
        _settled = new Settled(Book, _rule);
        _clerk = new Clerk(Book, _rule, _settled);
        _leader = new Replica(FirstSequence, keepAliveMs, crowdAbove);
        _follower = new Replica(FirstSequence, keepAliveMs, crowdAbove);
        _leader.Lead(defersRefusals);
        _rows = new Rows(FirstSequence, keepAliveMs, crowdAbove);
    }

    public Book Book { get; }

    public int Steps { get; private set; }

    /// <summary>Runs one command and checks all that SPEC says about it and about what it leaves behind.</summary>
    /// <exception cref="Violation">The kernel broke a promise.</exception>
    public void Run(Command command)
    {
        Steps++;
        Book.NowMs = Math.Max(Book.NowMs, command.AtMs);
        Send(command);
        Enter(command);
        _follower.Follow(_leader);
        foreach (Event happened in _leader.Events)
        {
            _rows.Update(happened);
        }

        Compare.Ends(_leader, _follower);
        bool anyEvent = _leader.Events.Count > 0;
        _leader.Clear();
        _follower.Clear();
        if (_settled.WhatIsLeft() is { } left)
        {
            throw new Violation(left);
        }

        Unless(_defersRefusals || Book.UntoldRefusals.Count == 0, "a refusal was not told");
        Isolation.Check(Book);
        UnlessSame(Book.NowMs, _leader.Table.NowMs, "the kernel's time");
        Unless(_leader.Table.NextDueMs > Book.NowMs, "the kernel says that something is due which it has just done");
        CheckTable(_leader.Table, "", leads: true);
        CheckWhatBlocks();
        if (anyEvent)
        {
            CheckTable(_follower.Table, "follower: ", leads: false);
        }
    }

    /// <summary>
    /// The follower takes over, or one that was loaded from the rows: what it decides shows what it had learned. Not where refusals may
    /// still be untold.
    /// </summary>
    public void Failover()
    {
        if (_defersRefusals)
        {
            return;
        }

        if (Steps % 2 == 0)
        {
            _follower = _rows.Load();
            _follower.Table.MoveTo(_leader.Table.Sequence, _leader.Table.NowMs);
            CheckTable(_follower.Table, "loaded: ", leads: false);
        }

        _follower.Table.MoveTo(_leader.Table.Sequence, _leader.Table.NowMs);
        (_leader, _follower) = (_follower, _leader);
        _follower.Table.SendEventsTo(null);
        _leader.Lead(_defersRefusals);
    }

    // The conflicts that a waiter would get: of one of them, another one each step.
    private void CheckWhatBlocks()
    {
        if (Book.Waits.Count > 0)
        {
            BookWait wait = Book.Waits[Steps % Book.Waits.Count];
            ConflictSet told = _leader.Table.WhatBlocks(_leader.Table.FindWaiter(wait.Id)!);
            Conflicts.Check(told, Book.NowMs, _rule.Judge(wait), _rule, Book);
        }
    }

    private void CheckTable(LeaseTable table, string who, bool leads)
    {
        try
        {
            Compare.Tables(Book, table);
            _leftovers.Check(Book, table);
            table.CheckAll(leads);
        }
        catch (Violation violation)
        {
            throw new Violation(who + violation.Message);
        }
        catch (BrokenInvariantException broken)
        {
            throw new Violation(who + broken.Message);
        }
    }

    private void Send(Command command)
    {
        try
        {
            command.Send(_leader.Table);
        }
        catch (Exception thrown) when (thrown is not Violation)
        {
            throw new Violation($"the kernel threw {thrown}");
        }
    }

    private void Enter(Command command)
    {
        // First what time brings: all of it, before the command is judged.
        int next = 0;
        string? left = _settled.AnyOverdue ? "" : null;
        while (left is not null)
        {
            Unless(next < _leader.Events.Count, $"the kernel leaves undone: {left}");
            EnterAutomatic(next++);
            left = _settled.WhatIsLeft();
        }

        next = EnterOwn(command.Check(Book, _rule), next);
        while (next < _leader.Events.Count)
        {
            EnterAutomatic(next++);
        }
    }

    private int EnterOwn(List<Own> own, int next)
    {
        List<Own> missing = own.FindAll(effect => effect.Refusal is null);
        while (missing.Count > 0)
        {
            Unless(next < _leader.Events.Count, $"missing: {missing[0]}");
            Event happened = _leader.Events[next++];
            if (!_clerk.IsRefusal(happened))
            {
                Own? match = missing.Find(effect => effect.Matches(happened));
                Unless(match is not null, $"the command causes {happened}");
                _clerk.EnterOwn(happened, match!);
                missing.Remove(match!);
            }
        }

        if (own.Find(effect => effect.Refusal is not null) is { } refused)
        {
            Book.UntoldRefusals.Enqueue(refused.Refusal!);
        }

        return next;
    }

    private void EnterAutomatic(int index)
    {
        if (!_clerk.IsRefusal(_leader.Events[index]))
        {
            _clerk.EnterAutomatic(_leader.Events[index]);
        }
    }
}
