using Klock.Kernel.Claims;
using Klock.Kernel.Invariants;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tree;
using Klock.Kernel.Undo;
using Xunit;

namespace Klock.Kernel.Tests.Conflicts;

/// <summary>A line answers what a plain list of the same claims would, however it came about.</summary>
public sealed class LineTests
{
    private const int Sessions = 12;

    private readonly Line _line;
    private readonly List<Lease> _plain = [];
    private readonly Session[] _sessions =
        [.. Enumerable.Range(0, Sessions).Select(i => new Session(new Agent($"a{i}", (ulong)(i % 5)), "s"))];

    private long _number;

    public LineTests()
    {
        Resource file = Request.File("f");
        _line = new Line(new ResourceTreeProbe(file).Node, Compatibility.Exclusive, isSubtree: false, new UndoLog());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_line_answers_as_a_list_does(int seed)
    {
        var random = new Random(seed);
        for (int step = 0; step < 3_000; step++)
        {
            Change(random);
            if (step % 7 == 0)
            {
                Compare(random);
            }
        }
    }

    [Fact]
    public void What_is_not_in_line_cannot_leave_it()
    {
        Lease lease = NewLease(_sessions[0]);
        Assert.Throws<BrokenInvariantException>(() => _line.Remove(lease));
        _line.Add(lease);
        Assert.Throws<BrokenInvariantException>(() => _line.Add(lease));
    }

    private void Change(Random random)
    {
        switch (random.Next(10))
        {
            case < 5:
                Lease lease = NewLease(_sessions[random.Next(Sessions)]);
                _line.Add(lease);
                _plain.Add(lease);
                break;
            case < 9 when _plain.Count > 0:
                Lease gone = _plain[random.Next(random.Next(2) == 0 ? 1 : _plain.Count)];
                _plain.Remove(gone);
                _line.Remove(gone);
                break;
            default:
                MakeSenior(_sessions[random.Next(Sessions)]);
                break;
        }
    }

    private void MakeSenior(Session session)
    {
        session.SeniorSince = ++_number;
        List<Lease> own = _plain.FindAll(lease => lease.Session == session);
        if (own.Count > 2)
        {
            _line.Rebuild();
        }
        else
        {
            own.ForEach(_line.Update);
        }
    }

    private void Compare(Random random)
    {
        Assert.Equal(_plain.Count, _line.Count);
        Assert.Equal(ByAge(_plain).FirstOrDefault()?.Session, _line.Oldest?.Session);
        long before = random.Next(3) == 0 ? long.MaxValue : random.NextInt64(_number + 2);
        Assert.Equal(_plain.Count(lease => lease.Number < before), _line.CountBefore(before));
        Assert.Equal(_plain.FindLast(lease => lease.Number < before), _line.LastBefore(before));
        Session session = _sessions[random.Next(Sessions)];
        Assert.Equal(_plain.Count(lease => lease.Session == session), _line.CountOf(session));
        Assert.Equal(_plain.Find(lease => lease.Session.CompareSeniority(session) < 0), _line.FirstOlderThan(session));
        Assert.Equal(_plain.FirstOrDefault(), _line.FirstOlderThan(null));
        if (_plain.Count > 0)
        {
            Lease from = _plain[random.Next(_plain.Count)];
            Assert.Equal(
                _plain.Find(lease => lease.Number > from.Number && lease.Session.CompareSeniority(session) < 0),
                _line.FirstOlderThan(session, from.Place + 1));
        }

        var shown = new Shown(most: random.Next(1, 20));
        _line.VisitOldestFirst(before, new PriorityQueue<int, Claim>(Comparer<Claim>.Create(CompareAges)), shown);
        Assert.Equal(ByAge(_plain.FindAll(lease => lease.Number < before)).Take(shown.Most), shown.Claims);
        long end = _plain.Where(lease => lease.Session != session).Select(lease => lease.ExpiresAtMs).DefaultIfEmpty(long.MaxValue).Min();
        Assert.Equal(Math.Min(end, 500), Math.Min(_line.FirstEndMs(500, session), 500));
    }

    private Lease NewLease(Session session) => new(session, Request.File("f"), Predicate.Mutates, ++_number)
    {
        Id = new LeaseId((UInt128)_number), AcquiredAtMs = 0, TtlMs = 1, ExpiresAtMs = _number * 37 % 1_000,
    };

    private static IEnumerable<Lease> ByAge(List<Lease> leases) => leases.Order(Comparer<Lease>.Create(CompareAges));

    private static int CompareAges(Claim? one, Claim? other)
    {
        int byAge = one!.Session.CompareSeniority(other!.Session);
        return byAge != 0 ? byAge : one.Number.CompareTo(other.Number);
    }

    private sealed class Shown(int most) : IClaimVisitor
    {
        public int Most { get; } = most;

        public List<Claim> Claims { get; } = [];

        public bool Visit(Claim claim)
        {
            Claims.Add(claim);
            return Claims.Count < Most;
        }

        public bool VisitLine(Line line) => throw new NotSupportedException();
    }

    /// <summary>A node to speak of.</summary>
    private sealed class ResourceTreeProbe
    {
        public ResourceTreeProbe(Resource file)
        {
            var tree = new ResourceTree();
            var session = new Session(new Agent("probe", 0), "s");
            var lease = new Lease(session, file, Predicate.Mutates, 1) { Id = default, AcquiredAtMs = 0, TtlMs = 1 };
            tree.Add(lease);
            Node = lease.Node!;
        }

        public ResourceNode Node { get; }
    }
}
