using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Simulation.Tests.Bookkeeping;
using Klock.Simulation.Tests.Commands;

namespace Klock.Simulation.Tests.Programs;

/// <summary>Writes the next command of a random run, with an eye on the book so that most commands hit something.</summary>
internal sealed class Script
{
    private const long StartMs = 1_000_000;
    private static readonly Predicate[] _writers = [Predicate.Mutates, Predicate.Deletes, Predicate.Renames];
    private static readonly Predicate[] _others = [Predicate.Consumes, Predicate.Consumes, Predicate.DependsOn, Predicate.Provides];
    private readonly Dice _dice;
    private readonly Plan _plan;
    private readonly People _people;
    private readonly Book _book;
    private readonly Clock _clock;
    private readonly List<Asked> _named = [];
    private readonly List<LeaseId> _known = [];
    private readonly HashSet<BookSession> _crashed = [];
    private int _lastId;

    public Script(Dice dice, Plan plan, People people, Book book)
    {
        _dice = dice;
        _plan = plan;
        _people = people;
        _book = book;
        _clock = new Clock(dice, plan, StartMs);
        Processes = new Processes(dice.Between(1, 3), NewId);
        Sessions = [.. plan.Agents.SelectMany(agent => plan.Sessions.Select(session => people.SessionOf(agent, session)))];
    }

    public IReadOnlyList<BookSession> Sessions { get; }

    public Processes Processes { get; }

    /// <summary>The next command; null for a failover, which is none.</summary>
    public Command? Next()
    {
        long at = _clock.Next(_book);
        if (Processes.DueForKeepAlive(_book) is { } process)
        {
            return new KeepAlive(at, process);
        }

        Deed deed = _dice.Weighted(_plan.Actions);
        return deed == Deed.Failover ? null : Write(deed, at);
    }

    public Asked NewRequest(BookSession session, string? requestId = null)
    {
        int length = _dice.Between(1, _plan.LongestManifest);
        IEnumerable<Want> wants = Enumerable.Range(0, length).Select(_ => new Want(NewId(), AnyPlace(), AnyPredicate()));
        return new Asked(session, [.. wants], _dice.Pick(_plan.TtlsMs), requestId, _dice.Chance(10) ? "because" : null);
    }

    public Waiting NewWait(long waitMs) => new(NewId(), _dice.Pick(Processes.Alive), waitMs);

    private LeaseId NewId() => new((UInt128)(++_lastId));

    private Command Write(Deed deed, long at) => deed switch
    {
        Deed.Acquire => AnyAcquire(at),
        Deed.Repeat when _named.Count > 0 => Repeat(at),
        Deed.Change when AnyLease() is { } lease => new Change(at, lease.Id, AnyPredicate(), AnyWait()),
        Deed.Declare => new Declare(at, AnySession(), NewRequest(AnySession()).Wants),
        Deed.Heartbeat when AnyLease() is { } lease => new Heartbeat(at, lease.Id, AnyNewTtl()),
        Deed.LateHeartbeat => AnyOnLate(at),
        Deed.Release when AnyLease() is { } lease => new Release(at, lease.Id),
        Deed.Revoke when AnyLease() is { } lease => new Revoke(at, lease.Id),
        Deed.RenewSession => new RenewSession(at, AnySession()),
        Deed.EndSession => new EndSession(at, AnySession()),
        Deed.Crash => Crash(at),
        Deed.Register => new Register(at, _people.AgentOf(_dice.Pick(_plan.Agents)), (ulong)_dice.Pick([1, 5, 5, 1_000_200, 100_000_000])),
        Deed.KeepAlive => new KeepAlive(at, _dice.Pick(Processes.Alive)),
        Deed.Cancel when _book.Waits.Count > 0 => new Cancel(at, _dice.Pick(_book.Waits).Id),
        Deed.Close => new CloseWaits(at, _dice.Pick(Processes.Alive)),
        Deed.Kill => Kill(at),
        _ => new Tick(at),
    };

    private Acquire AnyAcquire(long at)
    {
        Asked asked = NewRequest(AnySession(), _dice.Chance(10) ? $"r{_dice.Next(4)}" : null);
        Remember(asked);
        return new Acquire(at, asked, AnyWait());
    }

    private void Remember(Asked asked)
    {
        _known.AddRange(asked.Wants.Select(want => want.LeaseId));
        _known.RemoveRange(0, Math.Max(0, _known.Count - 50));
        if (asked.RequestId is not null)
        {
            _named.Add(asked);
            _named.RemoveRange(0, Math.Max(0, _named.Count - 5));
        }
    }

    // The same request again, under fresh ids, as one sends it whose answer was lost.
    private Acquire Repeat(long at)
    {
        List<Asked> waiting = [.. _book.Waits.Where(wait => wait.Asked.RequestId is not null).Select(wait => wait.Asked)];
        Asked earlier = _dice.Pick(waiting.Count > 0 && _dice.Chance(50) ? waiting : _named);
        Asked again = earlier with { Wants = [.. earlier.Wants.Select(want => want with { LeaseId = NewId() })] };
        Remember(again);
        return new Acquire(at, again, AnyWait());
    }

    private Command AnyOnLate(long at)
    {
        LeaseId id = _known.Count > 0 ? _dice.Pick(_known) : NewId();
        return _dice.Next(4) switch
        {
            0 => new Release(at, id),
            1 => new Change(at, id, AnyPredicate(), AnyWait()),
            2 => new Revoke(at, id),
            _ => new Heartbeat(at, id, AnyNewTtl()),
        };
    }

    // A crashed session is silent until all it had is gone.
    private Tick Crash(long at)
    {
        _crashed.Add(AnySession());
        return new Tick(at);
    }

    private Tick Kill(long at)
    {
        Processes.Kill(_dice.Next(Processes.Alive.Count));
        return new Tick(at);
    }

    private BookSession AnySession()
    {
        BookSession session = _dice.Pick(Sessions);
        if (_crashed.Contains(session) && !_book.IsBusy(session.Agent))
        {
            _crashed.Remove(session);
        }

        return _crashed.Contains(session) ? Sessions[0] : session;
    }

    private BookLease? AnyLease()
    {
        BookLease? lease = _book.Leases.Count == 0 ? null : _dice.Pick(_book.Leases);
        return lease is not null && _crashed.Contains(lease.Session) ? null : lease;
    }

    private long? AnyNewTtl() => _dice.Chance(25) ? _dice.Pick(_plan.TtlsMs) : null;

    private Waiting? AnyWait() => _dice.Chance(_plan.WaitPercent) ? NewWait(_dice.Pick(_plan.WaitsMs)) : null;

    private Predicate AnyPredicate() => _dice.Pick(_dice.Chance(_plan.WriterPercent) ? _writers : _others);

    private Place AnyPlace()
    {
        IReadOnlyList<Place> places = _plan.Universe.Places;
        bool isHot = places.Count == _plan.Hot || _dice.Chance(_plan.Agents.Length > 100 ? 30 : 85);
        return places[isHot ? _dice.Next(_plan.Hot) : _dice.Next(places.Count)];
    }
}
