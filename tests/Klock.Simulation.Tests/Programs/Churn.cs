using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Simulation.Tests.Programs;

/// <summary>Commands as fast as they go, without bookkeeping: fresh sessions, names, request ids and processes all the time, and nothing
/// may remain of the old ones.</summary>
internal sealed class Churn(LeaseTable table, Dice dice)
{
    private const int Slots = 300;
    private const int MostLeasesOfOne = 4;
    private static readonly Predicate[] _predicates = Enum.GetValues<Predicate>();
    private readonly Slot[] _slots = [.. Enumerable.Range(0, Slots).Select(i => new Slot($"agent{i % 200}", $"first{i}"))];
    private LeaseId _process = new(1);
    private UInt128 _lastId = 1;
    private long _nowMs = 1_000_000;

    public void Run(int commands)
    {
        for (int i = 0; i < commands; i++)
        {
            _nowMs += dice.Next(4);
            Act(dice.Pick(_slots));
        }
    }

    /// <summary>Everybody stops, and time does the rest.</summary>
    public void LetGoOfEverything()
    {
        foreach (Slot slot in _slots.Take(Slots / 2))
        {
            table.EndSession(slot.Agent, slot.Session, _nowMs);
        }

        table.Advance(_nowMs + 10_000_000);
    }

    private void Act(Slot slot)
    {
        switch (dice.Next(100))
        {
            case < 45:
                Acquire(slot);
                break;
            case < 75 when slot.Leases.Count > 0:
                table.Release(slot.Take(dice), _nowMs);
                break;
            case < 80 when slot.Leases.Count > 0:
                table.Heartbeat(dice.Pick(slot.Leases), _nowMs, out _);
                break;
            case < 88 when slot.Leases.Count > 0:
                table.Change(dice.Pick(slot.Leases), dice.Pick(_predicates), AnyWait(), _nowMs, out _);
                break;
            case < 90 when slot.Leases.Count > 0:
                table.Revoke(slot.Take(dice), _nowMs);
                break;
            case < 93:
                table.EndSession(slot.Agent, slot.Session, _nowMs);
                slot.Restart($"s{_lastId}");
                break;
            case < 95:
                _process = NewId();
                break;
            case < 98:
                table.KeepWaitsAlive(_process, _nowMs);
                break;
            default:
                table.CancelWait(new LeaseId(_lastId - (UInt128)dice.Next(10)), _nowMs);
                break;
        }
    }

    private void Acquire(Slot slot)
    {
        var wanted = new WantedLease[dice.Between(1, 3)];
        for (int i = 0; i < wanted.Length; i++)
        {
            wanted[i] = new WantedLease(NewId(), AnyResource(), dice.Pick(_predicates));
        }

        var request = new AcquireRequest
        {
            AgentId = slot.Agent,
            SessionId = slot.Session,
            Wanted = wanted,
            TtlMs = dice.Between(100, 5_000),
            RequestId = dice.Chance(20) ? $"r{_lastId}" : null,
            Wait = AnyWait(),
        };
        table.Acquire(request, _nowMs, out _);
        slot.Remember(wanted);
    }

    private WaitTerms? AnyWait() => dice.Chance(50) ? new WaitTerms(NewId(), _process, dice.Between(1, 20_000)) : null;

    // Half of them hot, the others never seen before.
    private Resource AnyResource()
    {
        string path = dice.Chance(50) ? $"src/{dice.Next(40)}/f" : $"tmp/{dice.Next(5)}/{_lastId}";
        bool isSymbol = dice.Chance(20);
        string full = isSymbol ? path + "#m" : dice.Chance(3) ? path + "/**" : path;
        return Resource.TryCreate(isSymbol ? ResourceType.Symbol : ResourceType.File, full, out Resource? resource, out string? problem)
            ? resource!.In(dice.Next(10) switch { 0 => $"repository{dice.Next(3)}", 1 => $"once{_lastId}", _ => null })
            : throw new InvalidOperationException(problem);
    }

    private LeaseId NewId() => new(++_lastId);

    /// <summary>An agent at work, and leases that it may hold, or may have lost.</summary>
    private sealed class Slot(string agent, string session)
    {
        public string Agent { get; } = agent;

        public string Session { get; private set; } = session;

        public List<LeaseId> Leases { get; } = [];

        public void Restart(string session)
        {
            Session = session;
            Leases.Clear();
        }

        public LeaseId Take(Dice dice)
        {
            int index = dice.Next(Leases.Count);
            LeaseId id = Leases[index];
            Leases.RemoveAt(index);
            return id;
        }

        public void Remember(WantedLease[] wanted)
        {
            Leases.AddRange(wanted.Select(lease => lease.LeaseId));
            Leases.RemoveRange(0, Math.Max(0, Leases.Count - MostLeasesOfOne));
        }
    }
}
