using System.Globalization;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Tests.Undo;

/// <summary>Random commands of every kind, with an eye on the table so that most hit something. Each seed likes others.</summary>
internal sealed class RandomDeeds
{
    private const int Kinds = 20;
    private static readonly Predicate[] _predicates = Enum.GetValues<Predicate>();
    private static readonly long[] _ttls = [1, 20, 300, 5_000, 60_000, 86_400_000];
    private static readonly long[] _waits = [1, 30, 1_000, 20_000, 3_600_000];
    private static readonly (ResourceType Type, string Path)[] _names =
    [
        (ResourceType.File, "a/b/c"), (ResourceType.File, "a/b"), (ResourceType.File, "a/b/**"), (ResourceType.File, "a/**"),
        (ResourceType.File, "a/b/d"), (ResourceType.File, "**"), (ResourceType.File, "/srv/x"), (ResourceType.File, "e"),
        (ResourceType.Symbol, "a/b/c#f"), (ResourceType.Symbol, "e#f"), (ResourceType.Symbol, "flat"), (ResourceType.Custom, "a/b"),
    ];

    private readonly Random _random;
    private readonly int[] _weights;
    private readonly Resource[] _hot;
    private readonly int _agents;
    private readonly int _sessions;
    private readonly int _waitPercent;
    private readonly int _writerPercent;
    private readonly int _longest;
    private readonly long[] _waitsMs;
    private readonly List<LeaseId> _processes = [];
    private long _nowMs = 1_000_000;
    private ulong _lastId;

    public RandomDeeds(int seed)
    {
        _random = new Random(seed);
        Crowds = _random.Next(4) == 0;
        _weights = [.. Enumerable.Range(0, Kinds).Select(kind => kind switch
        {
            0 => 30,
            1 => _random.Next(5, 25),
            _ => Crowds ? Pick(0, 0, 0, 2) : Pick(0, 1, 3, 10),
        })];
        _hot = [.. Enumerable.Range(0, Crowds ? 1 : _random.Next(1, 6)).Select(_ => Hot())];
        _agents = Crowds ? 60 : Pick(3, 6, 40);
        _sessions = _random.Next(1, 3);
        _waitPercent = Crowds ? 95 : Pick(20, 60, 95);
        _waitsMs = Crowds ? _waits[^2..] : _waits;
        _writerPercent = Pick(10, 40, 80);
        _longest = Crowds ? 1 : _random.Next(1, 5);
        for (int i = 0; i < 3; i++)
        {
            _processes.Add(NewId());
        }
    }

    /// <summary>Whether all crowd before one name, and nothing happens for long that disperses them.</summary>
    public bool Crowds { get; }

    /// <summary>What everybody wants.</summary>
    public IReadOnlyList<Resource> HotNames => _hot;

    public int Below(int end) => _random.Next(end);

    public T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];

    /// <summary>Time goes on, or jumps to where something is due, or back.</summary>
    public long Time(LeaseTable table)
    {
        long due = table.NextDueMs;
        _nowMs = _random.Next(100) switch
        {
            < 60 => _nowMs,
            < 90 => _nowMs + _random.Next(1, 6),
            < 95 => _nowMs + _random.Next(1, 300),
            < 98 when due < _nowMs + 100_000_000 => Math.Max(0, due + _random.Next(-1, 2)),
            >= 98 when Crowds => _nowMs + _random.Next(300),
            98 => Math.Max(0, _nowMs - _random.Next(1, 10_000)),
            99 => _nowMs + Pick(1_500L, 6_000L, 4_000_000L),
            _ => _nowMs,
        };
        return _nowMs;
    }

    /// <summary>The next command.</summary>
    public Deed Next(LeaseTable table)
    {
        long now = Time(table);
        int kind = Weighted();
        return kind switch
        {
            0 => Acquire(now, requestId: _random.Next(10) == 0 ? $"r{_random.Next(4)}" : null),
            1 when Lease(table) is { } id => Of($"release {id} at {now}", to => to.Release(id, now)),
            2 when Lease(table) is { } id => Of($"revoke {id} at {now}", to => to.Revoke(id, now)),
            3 when Lease(table) is { } id => Heartbeat(id, now),
            4 or 5 when Lease(table) is { } id => Change(id, now),
            6 => Repeat(now, table) ?? Acquire(now, requestId: $"r{_random.Next(3)}"),
            7 => Declare(now),
            8 => OfSession("renew", now, static (to, agent, session, now, isMeant) => to.RenewSession(agent, session, now, isMeant)),
            9 => OfSession("end", now, static (to, agent, session, now, isMeant) => to.EndSession(agent, session, now, isMeant)),
            10 => Register(now),
            11 => KeepAlive(now),
            12 when Waiter(table) is { } wait => Of($"cancel {wait.Id} at {now}", to => to.CancelWait(wait.Id, now)),
            13 => Close(now),
            14 => Of($"advance to {now}", to => to.Advance(now)),
            15 => AdvanceSome(now),
            16 => EndBound(now),
            17 when Waiter(table) is { } wait => Look(wait.Id),
            18 => Of($"flush refusals", static to => to.FlushRefusals()),
            19 => NewProcess(now),
            _ => Of($"advance to {now}", to => to.Advance(now)),
        };
    }

    /// <summary>What a table says of a conflict.</summary>
    public static string TextOf(ConflictSet conflicts, long nowMs) => string.Create(
        CultureInfo.InvariantCulture,
        $"{conflicts.Verdict} {conflicts.Total} pause {conflicts.PauseMs(nowMs)} {string.Join(' ', conflicts.Oldest.Select(TextOf))}");

    private static string TextOf(Claim claim) => claim is Lease lease ? lease.Id.ToString() : $"waits {((WaitClaim)claim).LeaseId}";

    private static Deed Of<T>(FormattableString what, Func<LeaseTable, T> run) => new(what, table => $"{run(table)}");

    private static Deed Of(FormattableString what, Action<LeaseTable> run) => new(what, table =>
    {
        run(table);
        return "";
    });

    private Deed Acquire(long now, string? requestId)
    {
        WantedLease[] wanted = new WantedLease[_random.Next(1, _longest + 1)];
        for (int i = 0; i < wanted.Length; i++)
        {
            wanted[i] = new WantedLease(NewId(), AnyName(), AnyPredicate());
        }

        return Acquire(now, Agent(), Session(), requestId, requestId is null ? wanted : Repeatable(wanted, requestId));
    }

    // As one asks again whose answer was lost: for what waits, or for what was granted.
    private Deed? Repeat(long now, LeaseTable table)
    {
        Waiter[] waiting = [.. table.Waiters.Where(waiter => waiter.RequestId is not null).OrderBy(waiter => waiter.Id.Value)];
        Lease[] held = [.. table.ActiveLeases(0).Where(lease => lease.RequestId is not null).OrderBy(lease => lease.Id.Value)];
        if (waiting.Length > 0 && (held.Length == 0 || _random.Next(3) > 0))
        {
            Waiter waiter = Pick<Waiter>(waiting);
            WantedLease[] again = [.. waiter.Claims.Select(claim => new WantedLease(NewId(), claim.Resource, claim.Predicate))];
            return Acquire(now, waiter.Session.Agent.Id, waiter.Session.Id, waiter.RequestId, again);
        }

        if (held.Length == 0)
        {
            return null;
        }

        Lease lease = Pick<Lease>(held);
        WantedLease[] same = [new WantedLease(NewId(), lease.Resource, lease.Predicate)];
        return Acquire(now, lease.Session.Agent.Id, lease.Session.Id, lease.RequestId, same);
    }

    private Deed Acquire(long now, string agent, string session, string? requestId, WantedLease[] wanted)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = session,
            Wanted = wanted,
            TtlMs = Pick(_ttls),
            RequestId = requestId,
            Wait = AnyWait(),
            BoundTo = _random.Next(4) == 0 ? Pick<LeaseId>([.. _processes]) : default,
            Note = _random.Next(20) == 0 ? "because" : null,
        };
        var asked = new Asked(request);
        return new Deed($"acquire at {now} {asked}",
            table => Answer(table.Acquire(request, now, out AcquireOutcome outcome), outcome, table));
    }

    // Mostly the same again under that id, on the first names.
    private WantedLease[] Repeatable(WantedLease[] wanted, string requestId)
    {
        Resource resource = _hot[requestId[^1] % _hot.Length];
        return _random.Next(8) == 0 ? wanted
            : [.. wanted.Take(1).Select(one => new WantedLease(one.LeaseId, resource, _predicates[requestId[^1] % _predicates.Length]))];
    }

    private static string Answer(CommandStatus status, in AcquireOutcome outcome, LeaseTable table)
    {
        string leases = string.Join(' ', outcome.Leases.Select(lease => $"{lease.Id} {lease.FencingToken} {lease.ExpiresAtMs}"));

        // Only of what was judged: of a repeat that shares a place it is what was judged before.
        bool isJudged = status == CommandStatus.Done && !outcome.IsGranted && outcome.Waiter?.Joins is null;
        string conflicts = isJudged ? TextOf(outcome.Conflicts, table.NowMs) : "";
        return $"{status} granted {leases} waits {outcome.Waiter?.Id} {outcome.Waiter?.IsQueued} {conflicts}";
    }

    private Deed Heartbeat(LeaseId id, long now)
    {
        long? ttlMs = _random.Next(4) == 0 ? Pick(_ttls) : null;
        return new Deed($"heartbeat {id} at {now} ttl {ttlMs}",
            table => $"{table.Heartbeat(id, now, out Lease? lease, ttlMs)} {lease?.ExpiresAtMs}");
    }

    private Deed Change(LeaseId id, long now)
    {
        (Predicate predicate, WaitTerms? wait) = (AnyPredicate(), AnyWait());
        return new Deed($"change {id} to {predicate} at {now} wait {wait}",
            table => Answer(table.Change(id, predicate, wait, now, out AcquireOutcome outcome), outcome, table));
    }

    private Deed Declare(long now)
    {
        (string agent, string session) = (Agent(), Session());
        Intent[] intents = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new Intent(AnyPredicate(), AnyName()))];
        return new Deed($"declare at {now} by {agent}/{session}",
            table => TextOf(table.Declare(agent, session, intents, now), table.NowMs));
    }

    private Deed OfSession(string what, long now, Func<LeaseTable, string, string, long, Func<Claim, bool>?, int> run)
    {
        (string agent, string session, int odd) = (Agent(), Session(), _random.Next(4));
        Func<Claim, bool>? isMeant = odd == 0 ? static claim => claim.Strength == Compatibility.Exclusive : null;
        return Of($"{what} session {agent}/{session} at {now} {odd == 0}", table => run(table, agent, session, now, isMeant));
    }

    private Deed Register(long now)
    {
        (string agent, ulong priority) = (Agent(), Pick(1UL, 5UL, 5UL, 1_000_200UL, ulong.MaxValue));
        return Of($"register {agent} {priority} at {now}", table => table.RegisterAgent(agent, priority, now));
    }

    private Deed KeepAlive(long now)
    {
        LeaseId process = Pick<LeaseId>([.. _processes]);
        return Of($"keep alive {process} at {now}", table => table.KeepWaitsAlive(process, now));
    }

    private Deed Close(long now)
    {
        LeaseId process = Pick<LeaseId>([.. _processes]);
        return Of($"close {process} at {now}", table => table.CloseWaits(process, now));
    }

    private Deed AdvanceSome(long now)
    {
        int most = _random.Next(1, 4);
        return Of($"advance to {now} by {most}", table => table.Advance(now, most));
    }

    private Deed EndBound(long now)
    {
        LeaseId process = Pick<LeaseId>([.. _processes]);
        return Of($"end what is bound to {process} at {now}", table => table.EndBound(process, now));
    }

    private static Deed Look(LeaseId wait) => new($"look at {wait}",
        table => table.FindWaiter(wait) is { } waiter ? TextOf(table.WhatBlocks(waiter), table.NowMs) : "");

    private Deed NewProcess(long now)
    {
        _processes[_random.Next(_processes.Count)] = NewId();
        return Of($"advance to {now}", table => table.Advance(now));
    }

    private WaitTerms? AnyWait() =>
        _random.Next(100) < _waitPercent ? new WaitTerms(NewId(), Pick<LeaseId>([.. _processes]), Pick(_waitsMs)) : null;

    private LeaseId? Lease(LeaseTable table)
    {
        LeaseId[] held = [.. table.ActiveLeases(0).Select(lease => lease.Id).OrderBy(id => id.Value)];
        return _random.Next(10) == 0 ? new LeaseId((UInt128)_random.Next((int)_lastId + 1)) : held.Length > 0 ? Pick<LeaseId>(held) : null;
    }

    private Waiter? Waiter(LeaseTable table)
    {
        Waiter[] waiting = [.. table.Waiters.OrderBy(waiter => waiter.Id.Value)];
        return waiting.Length > 0 ? Pick<Waiter>(waiting) : null;
    }

    private Predicate AnyPredicate() =>
        _random.Next(100) < _writerPercent ? Pick(Predicate.Mutates, Predicate.Deletes, Predicate.Renames) : Pick(_predicates);

    private Resource AnyName() => _random.Next(100) switch
    {
        < 85 => Pick<Resource>(_hot),
        < 90 => Hot(),
        _ => Cold(),
    };

    private Resource Hot()
    {
        (ResourceType type, string path) = Pick(_names);
        return Request.Resource(type, path).In(Pick(null, null, null, "shop", "."));
    }

    // Names that never come again, so that some are forgotten.
    private Resource Cold()
    {
        string path = $"src/{_random.Next(4)}/{_lastId}";
        return Request.File(_random.Next(8) == 0 ? path + "/**" : path).In(_random.Next(8) == 0 ? $"once{_lastId}" : null);
    }

    private string Agent() => $"agent{_random.Next(_agents)}";

    private string Session() => $"s{_random.Next(_sessions)}";

    private LeaseId NewId() => new(++_lastId);

    private int Weighted()
    {
        int left = _random.Next(_weights.Sum());
        int kind = 0;
        while ((left -= _weights[kind]) >= 0)
        {
            kind++;
        }

        return kind;
    }

    private sealed class Asked(AcquireRequest request)
    {
        public override string ToString() =>
            $"by {request.AgentId}/{request.SessionId} {request.RequestId} wait {request.Wait} bound {request.BoundTo} ttl {request.TtlMs} "
            + string.Join(", ", request.Wanted);
    }
}
