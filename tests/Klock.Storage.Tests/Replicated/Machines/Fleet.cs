using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Storage.Tests.Harness;

namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>
/// Agents that talk to several servers on one journal, while requests and answers are lost, servers are cut off and killed, and no two
/// clocks agree. What every agent may rely on is held against what all others are told.
/// </summary>
internal sealed class Fleet : IDisposable
{
    private const int MostPerMille = 2;
    private static readonly string[] _agents = ["a", "b", "c", "d", "e"];
    private static readonly string[] _paths = ["x/1", "x/2", "x/**", "y"];

    private readonly Random _dice;
    private readonly Real _real = new();
    private readonly FaultyJournal _journal;
    private readonly Ledger _ledger = new();
    private readonly CountingIds _ids = new();
    private readonly List<Machine> _machines = [];
    private readonly List<Belief> _beliefs = [];
    private readonly List<string> _released = [];
    private readonly List<string> _story = [];
    private readonly Dictionary<string, Asking> _unsettled = [];
    private int _nextOwner;
    private int _nextRequest;
    private bool _isNested;
    private bool _isHealed;
    private long _highestTold;

    public Fleet(int seed, int machines, bool isSnapshotOld = false)
    {
        _dice = new Random(seed);
        _journal = new FaultyJournal(_dice, _real, faultPercent: _dice.Next(0, 25), isSnapshotOld);
        _journal.Appended = batch =>
        {
            _ledger.Enter(batch);
            IEnumerable<string> told = batch.Events.Select(
                static each => $"{each.Sequence} {each.Kind} {each.AgentId} {each.Resource} {each.LeaseId}");
            _story.Add($"        {string.Join(", ", told)}");
        };
        _ledger.Expired = id =>
        {
            Belief? early = _beliefs.Find(belief => belief.LeaseId == id.ToString() && belief.IsRelied(_real.NowMs));
            Violated.Unless(early is null, $"{id} runs out at {_real.NowMs}, and its holder relies on it until {early?.UntilMs}");
        };
        for (int number = 0; number < machines; number++)
        {
            _machines.Add(NewMachine());
        }
    }

    /// <summary>How many grants were told.</summary>
    public int Grants { get; private set; }

    /// <summary>How often a store said that it fails.</summary>
    public int Failures { get; private set; }

    /// <summary>The last of what happened.</summary>
    public string Story => string.Join('\n', _story.TakeLast(60).Select(static line => line.Length > 260 ? line[..260] : line));

    public void Step()
    {
        _real.NowUs += _dice.Next(8) == 0 ? _dice.Next(3_000_000) : _dice.Next(200_000);
        Machine machine = _machines[_dice.Next(_machines.Count)];
        switch (_dice.Next(100))
        {
            case 0:
                machine.CutOff(_dice.Next(12_000));
                break;
            case 1:
                Kill(machine);
                break;
            case < 12:
                machine.Follow();
                break;
            default:
                Act(machine);
                break;
        }

        LookAtWaits();
    }

    /// <summary>Heals everything. All servers agree, and each of them grants.</summary>
    public void End()
    {
        _isHealed = _journal.IsHealed = true;
        _machines.ForEach(static machine => machine.CutOff(0));
        _journal.DeliverLate();
        _real.NowUs += 10_000_000;
        AssertAgreement();
        int number = 0;
        foreach (Machine machine in _machines)
        {
            JsonElement? granted = machine.Ask(Operation.Acquire, Request.Acquire("z", path: $"z/{number++}"), out _);
            Violated.Unless(granted?.GetProperty("success").GetBoolean() == true, $"nothing is granted after all is healed: {granted}");
        }
    }

    // What is due at one server is seen by the others when it has ended it, which it does when it is asked.
    private void AssertAgreement()
    {
        string?[] lists = [];
        for (int round = 0; round < 3 && lists.Distinct().Count() != 1; round++)
        {
            lists = [.. _machines.Select(machine => Names(machine.Ask(Operation.ListLeases, Request.Of(), out _)))];
        }

        Violated.Unless(lists.Distinct().Count() == 1, $"the servers do not agree: {string.Join(" | ", lists)}");
    }

    public void Dispose() => _machines.ForEach(static machine => machine.Dispose());

    private static string? Names(JsonElement? list) => list is not { } answer ? null
        : !answer.TryGetProperty("data", out JsonElement data) ? answer.ToString()
        : string.Join(' ', data.EnumerateArray().Select(static lease => lease.GetProperty("id").GetString()).Order());

    private Machine NewMachine()
    {
        var clock = new WrongClock(_real, _dice.Next(-3_600_000, 3_600_000), _dice.Next(-MostPerMille, MostPerMille + 1));
        return new Machine(_journal, _real, clock, _ids, new LeaseId(UInt128.MaxValue - (UInt128)_nextOwner++), LetOthers);
    }

    // Others may be faster between a decision and its append.
    private void LetOthers(Machine machine)
    {
        if (_isNested || _isHealed || _dice.Next(4) > 0)
        {
            return;
        }

        _isNested = true;
        Machine other = _machines[_dice.Next(_machines.Count)];
        if (!other.IsBusy)
        {
            Act(other);
        }

        _isNested = false;
    }

    private void Kill(Machine machine)
    {
        _story.Add($"{_real.NowMs} a server is killed");
        machine.Waits.Clear();
        _machines[_machines.IndexOf(machine)] = NewMachine();
    }

    private void Act(Machine machine)
    {
        string agent = _agents[_dice.Next(_agents.Length)];
        List<Belief> held = _beliefs.FindAll(belief => belief.Agent == agent && belief.IsRelied(_real.NowMs));
        switch (_dice.Next(10))
        {
            case < 4:
                Acquire(machine, NewAsking(agent));
                break;
            case 4 when _unsettled.Count > 0:
                Acquire(machine, _unsettled.Values.ElementAt(_dice.Next(_unsettled.Count)));
                break;
            case 5 or 6 when held.Count > 0:
                Release(machine, held[_dice.Next(held.Count)]);
                break;
            case 7 when held.Count > 0:
                Renew(machine, held[_dice.Next(held.Count)]);
                break;
            default:
                See(machine);
                break;
        }
    }

    private Asking NewAsking(string agent) => new(
        agent, _paths[_dice.Next(_paths.Length)], _dice.Next(3) > 0, 2_000 + _dice.Next(20_000),
        _dice.Next(2) == 0 ? $"r{_nextRequest++}" : null, _real.NowMs, _ledger.Count);

    private void Acquire(Machine machine, Asking first)
    {
        Asking asked = first with { SentMs = _real.NowMs, State = _ledger.Count, Wait = null };
        long highestBefore = _highestTold;
        Request request = Request.Acquire(asked.Agent, asked.IsExclusive ? "MUTATES" : "CONSUMES", asked.Path).With("ttl", asked.TtlMs);
        request = asked.RequestId is null ? request : request.With("request_id", asked.RequestId);
        request = _dice.Next(3) == 0 ? request.With("wait_ms", _dice.Next(1, 20_000)) : request;
        JsonElement? answer = machine.Ask(Operation.Acquire, request, out PendingWait? wait);
        if (wait is not null)
        {
            asked.Wait = wait;
            machine.Waits.Add(asked);
            return;
        }

        Hear(asked, answer!.Value, highestBefore);
    }

    private void Hear(Asking asked, JsonElement answer, long highestBefore)
    {
        _story.Add($"{_real.NowMs} {asked.Agent} {asked.Path} {(asked.IsExclusive ? "w" : "r")} {asked.RequestId}: {answer}");
        if (answer.TryGetProperty("code", out JsonElement code))
        {
            Violated.Unless(code.GetString() != "INTERNAL", $"{asked} met a defect: {answer}");
            Failures += code.GetString() == "STORAGE_UNAVAILABLE" ? 1 : 0;
            if (asked.RequestId is not null)
            {
                _unsettled[asked.RequestId] = asked;
            }

            return;
        }

        if (asked.RequestId is not null)
        {
            _unsettled.Remove(asked.RequestId);
        }

        if (!answer.GetProperty("success").GetBoolean())
        {
            Violated.Unless(
                _ledger.WasInTheWay(asked.Agent, ResourceOf(asked.Path), PredicateOf(asked), asked.State),
                $"{asked} was refused, and nothing was in its way");
            return;
        }

        Believe(asked, answer.GetProperty("data"), highestBefore);
    }

    private void Believe(Asking asked, JsonElement granted, long highestBefore)
    {
        Grants++;
        var belief = new Belief
        {
            Agent = asked.Agent,
            Path = asked.Path,
            IsExclusive = asked.IsExclusive,
            LeaseId = granted.GetProperty("lease_id").GetString()!,
            Token = granted.GetProperty("fencing_token").GetInt64(),
            TtlMs = asked.TtlMs,
            UntilMs = asked.SentMs + Surely(asked.TtlMs),
        };
        if (!belief.IsRelied(_real.NowMs) || _released.Contains(belief.LeaseId)
            || _beliefs.Exists(other => other.LeaseId == belief.LeaseId))
        {
            return; // it came too late to be relied on, or is known
        }

        Belief? other = _beliefs.Find(each => each.IsRelied(_real.NowMs) && each.Conflicts(belief));
        Violated.Unless(other is null, $"{belief.Agent} is told of {belief.LeaseId}, and {other?.Agent} relies on {other?.LeaseId}");
        Violated.Unless(
            asked.RequestId is not null || belief.Token > highestBefore,
            $"token {belief.Token} is told, and {highestBefore} was told before it was asked for");
        _highestTold = Math.Max(_highestTold, belief.Token);
        _beliefs.Add(belief);
    }

    private void Release(Machine machine, Belief belief)
    {
        belief.IsGivenUp = true;
        JsonElement answer = machine.Ask(Operation.Release, Request.Of(("lease_id", belief.LeaseId)), out _)!.Value;
        _story.Add($"{_real.NowMs} release {belief.LeaseId}: {answer}");
        if (answer.GetProperty("success").GetBoolean())
        {
            _released.Add(belief.LeaseId);
            return;
        }

        // Nobody else ends it: who is told that it is over was not told of his own release.
        string code = answer.GetProperty("code").GetString()!;
        Violated.Unless(
            code == "STORAGE_UNAVAILABLE" || _real.NowMs >= belief.UntilMs,
            $"{belief.LeaseId} is told {code} at {_real.NowMs} by its release, and its holder relies on it until {belief.UntilMs}");
    }

    private void Renew(Machine machine, Belief belief)
    {
        long sentMs = _real.NowMs, untilMs = belief.UntilMs;
        JsonElement answer = machine.Ask(Operation.Heartbeat, Request.Of(("lease_id", belief.LeaseId)), out _)!.Value;
        _story.Add($"{_real.NowMs} renew {belief.LeaseId}: {answer}");
        if (answer.GetProperty("success").GetBoolean())
        {
            belief.UntilMs = Math.Max(belief.UntilMs, sentMs + Surely(belief.TtlMs));
            return;
        }

        string code = answer.GetProperty("code").GetString()!;
        Violated.Unless(
            code == "STORAGE_UNAVAILABLE" || belief.IsGivenUp || _real.NowMs >= untilMs,
            $"{belief.LeaseId} is told {code} at {_real.NowMs}, and its holder relies on it until {untilMs}");
    }

    private void See(Machine machine)
    {
        List<Belief> relied = _beliefs.FindAll(belief => belief.IsRelied(_real.NowMs));
        if (relied.Count > 0 && _dice.Next(2) == 0)
        {
            Belief belief = relied[_dice.Next(relied.Count)];
            JsonElement answer = machine.Ask(Operation.GetLease, Request.Of(("lease_id", belief.LeaseId)), out _)!.Value;
            bool sees = answer.GetProperty("success").GetBoolean() || answer.GetProperty("code").GetString() == "STORAGE_UNAVAILABLE";
            Violated.Unless(sees || !belief.IsRelied(_real.NowMs), $"{belief.LeaseId} was granted, and is not seen: {answer}");
        }
        else if (_released.Count > 0)
        {
            string gone = _released[_dice.Next(_released.Count)];
            JsonElement answer = machine.Ask(Operation.GetLease, Request.Of(("lease_id", gone)), out _)!.Value;
            Violated.Unless(!answer.GetProperty("success").GetBoolean(), $"{gone} was released, and is seen");
        }
    }

    private void LookAtWaits()
    {
        foreach (Machine machine in _machines.Where(static machine => !machine.IsBusy).ToList())
        {
            foreach (Asking waiting in machine.Waits.ToList())
            {
                if (machine.Look(waiting.Wait!) is { } answer)
                {
                    machine.Waits.Remove(waiting);
                    Hear(waiting, answer, highestBefore: 0);
                }
                else if (_dice.Next(40) == 0)
                {
                    machine.Waits.Remove(waiting);
                    machine.Cancel(waiting.Wait!);
                }
            }
        }
    }

    // A server's clock may be faster than its holder's.
    private static long Surely(long ttlMs) => (ttlMs * 1_000 / (1_000 + MostPerMille)) - 2;

    private static Resource ResourceOf(string path) =>
        Resource.TryCreate(ResourceType.File, path, out Resource? resource, out string? problem)
            ? resource!
            : throw new InvalidOperationException(problem);

    private static Predicate PredicateOf(Asking asked) => asked.IsExclusive ? Predicate.Mutates : Predicate.Consumes;
}
