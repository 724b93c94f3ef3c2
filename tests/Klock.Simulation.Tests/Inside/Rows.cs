using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Simulation.Tests.Inside;

/// <summary>The state as a store keeps it in rows, from the events alone, so that a replica can be loaded that saw none of them.</summary>
internal sealed class Rows(long sequence, long keepAliveMs, int crowdAbove)
{
    private readonly SortedDictionary<long, Event> _agents = [];
    private readonly SortedDictionary<long, (Event Grant, long LastHeartbeatMs)> _leases = [];
    private readonly Dictionary<LeaseId, Event> _waits = [];
    private readonly Dictionary<(Resource, int), (long Before, long Last)> _passings = [];
    private readonly Dictionary<LeaseId, long> _kept = [];
    private readonly Dictionary<LeaseId, long> _owners = [];
    private readonly List<Event> _ended = [];
    private long _sequence = sequence;
    private long _nowMs;

    public void Update(in Event happened)
    {
        _sequence = happened.Sequence;
        _nowMs = happened.AtMs;
        switch (happened.Kind)
        {
            case EventKind.Registered:
                Register(happened);
                break;
            case EventKind.Granted:
                _leases.Add(happened.FencingToken, (happened, happened.AtMs));
                break;
            case EventKind.Renewed:
                Renew(happened.FencingToken, happened);
                break;
            case EventKind.Changed:
                Renew(happened.PreviousToken, happened);
                break;
            case EventKind.Released or EventKind.Expired or EventKind.Revoked:
                End(happened);
                break;
            default:
                UpdateWaits(happened);
                break;
        }

        if (happened.Passes)
        {
            var place = (happened.Resource!, Compatibility.Strength(happened.Predicate));
            _passings[place] = (_passings.GetValueOrDefault(place).Last, happened.Sequence);
        }
    }

    public Replica Load()
    {
        var replica = new Replica(0, keepAliveMs, crowdAbove);
        LeaseTable table = replica.Table;
        foreach (Event registered in _agents.Values)
        {
            table.Apply(registered with { AtMs = 0 });
        }

        foreach ((Event grant, long lastHeartbeatMs) in _leases.Values)
        {
            table.Apply(grant);
            table.Apply(grant with { Kind = EventKind.Renewed, AtMs = lastHeartbeatMs });
        }

        foreach (Event wait in _waits.Values.OrderBy(wait => (wait.Wait!.IsJoined, wait.Sequence)))
        {
            table.Apply(wait with { AtMs = 0, ExpiresAtMs = _owners[wait.Wait!.OwnerId] });
            if (_kept.TryGetValue(wait.Wait.Id, out long keptUntilMs))
            {
                table.Apply(wait with { Kind = EventKind.KeptAlive, AtMs = 0, ExpiresAtMs = keptUntilMs });
            }
        }

        foreach (((Resource resource, int strength), (long before, long last)) in _passings)
        {
            Predicate predicate = strength switch { 0 => Predicate.Consumes, 1 => Predicate.Provides, _ => Predicate.Mutates };
            table.RememberPassing(resource, predicate, before);
            table.RememberPassing(resource, predicate, last);
        }

        foreach (Event ended in _ended)
        {
            table.RememberEnded(ended.LeaseId, ended.Kind == EventKind.Expired ? LeaseState.Expired : LeaseState.Revoked, ended.AtMs);
        }

        table.MoveTo(_sequence, _nowMs);
        replica.Clear();
        return replica;
    }

    private void Register(Event registered)
    {
        long? known = _agents.Where(row => row.Value.AgentId == registered.AgentId).Select(row => (long?)row.Key).FirstOrDefault();
        _agents.Remove(known ?? 0);
        _agents.Add(registered.Sequence, registered);
    }

    private void Renew(long token, in Event happened)
    {
        Event known = _leases[token].Grant;
        long first = known.PreviousToken > 0 ? known.PreviousToken : known.FencingToken;
        Event grant = known with
        {
            PreviousToken = happened.Kind == EventKind.Changed ? first : known.PreviousToken,
            FencingToken = happened.FencingToken, Sequence = happened.FencingToken, Predicate = happened.Predicate,
            TtlMs = happened.TtlMs, ExpiresAtMs = happened.ExpiresAtMs, BoundTo = happened.BoundTo,
        };
        _leases.Remove(token);
        _leases.Add(grant.FencingToken, (grant, happened.AtMs));
    }

    private void End(in Event happened)
    {
        _leases.Remove(happened.FencingToken);
        if (happened.Kind != EventKind.Released)
        {
            _ended.Add(happened);
        }
    }

    private void UpdateWaits(in Event happened)
    {
        switch (happened.Kind)
        {
            case EventKind.Queued or EventKind.Parked:
                _waits.Add(happened.Wait!.Id, happened);
                _owners[happened.Wait.OwnerId] = happened.ExpiresAtMs;
                break;
            case EventKind.Promoted:
                _waits[happened.Wait!.Id] = happened with { Kind = EventKind.Queued };
                break;
            case EventKind.WaitEnded:
                _waits.Remove(happened.Wait!.Id, out Event place);
                PassOn(place, happened.Wait.Successor);
                SetSenior(happened);
                break;
            case EventKind.KeptAlive when happened.Wait!.Id != default:
                _kept[happened.Wait.Id] = happened.ExpiresAtMs;
                break;
            case EventKind.KeptAlive:
                _owners[happened.Wait!.OwnerId] = happened.ExpiresAtMs;
                break;
            default:
                break;
        }
    }

    // The place is the ended wait's number, its kind, its seniority, and the ids of the leases that it would have got.
    private void PassOn(in Event place, LeaseId successor)
    {
        if (successor == default)
        {
            return;
        }

        Event row = _waits[successor];
        WaitFacts facts = row.Wait!;
        _waits[successor] = row with
        {
            Sequence = place.Sequence, Kind = place.Kind, SeniorSince = place.SeniorSince,
            Wait = new WaitFacts { Id = facts.Id, OwnerId = facts.OwnerId, DeadlineMs = facts.DeadlineMs, Wanted = place.Wait!.Wanted },
        };
    }

    private void SetSenior(Event ended)
    {
        if (ended.SeniorSince == 0)
        {
            return;
        }

        foreach ((LeaseId id, Event wait) in _waits.ToList())
        {
            bool isOfSession = (wait.AgentId, wait.SessionId) == (ended.AgentId, ended.SessionId);
            _waits[id] = isOfSession ? wait with { SeniorSince = ended.SeniorSince } : wait;
        }
    }
}
