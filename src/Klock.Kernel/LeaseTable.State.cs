using Klock.Kernel.Agents;
using Klock.Kernel.Events;
using Klock.Kernel.Leases;

namespace Klock.Kernel;

/// <summary>The changes of state, one method each, used by commands and by replicas alike.</summary>
public sealed partial class LeaseTable
{
    /// <summary>Follows an event that another process decided and a store recorded.</summary>
    /// <exception cref="InvalidOperationException">The event does not fit this state: this is not a replica of that store.</exception>
    public void Apply(in Event happened)
    {
        Sequence = Math.Max(Sequence, happened.Sequence);
        NowMs = Later(happened.AtMs);
        switch (happened.Kind)
        {
            case EventKind.Created:
                break;
            case EventKind.Registered:
                SetPriority(happened.AgentId!, happened.Priority);
                break;
            case EventKind.Forgotten:
                _agents.Remove(_agents.Find(happened.AgentId!) ?? throw Unfit(happened));
                break;
            case EventKind.Granted:
                ApplyGrant(happened);
                break;
            case EventKind.Renewed:
                Renew(LeaseOf(happened), happened.AtMs, happened.ExpiresAtMs);
                break;
            case EventKind.Released:
                LetGo(LeaseOf(happened), LeaseState.Released, happened.AtMs);
                break;
            case EventKind.Expired:
                LetGo(LeaseOf(happened), LeaseState.Expired, happened.AtMs);
                break;
            case EventKind.Revoked:
                LetGo(LeaseOf(happened), LeaseState.Revoked, happened.AtMs);
                break;
            default:
                throw Unfit(happened);
        }
    }

    /// <summary>Remembers how a lease ended before this table was loaded.</summary>
    public void RememberEnded(LeaseId id, LeaseState state, long endedAtMs) => _ended.Add(id, state, endedAtMs);

    /// <summary>Moves number and time on to a store's head, after its rows are loaded.</summary>
    public void MoveTo(long sequence, long nowMs)
    {
        Sequence = Math.Max(Sequence, sequence);
        NowMs = Later(nowMs);
    }

    private void ApplyGrant(in Event grant)
    {
        Agent agent = _agents.Find(grant.AgentId!) ?? throw Unfit(grant);
        var lease = new Lease(agent.SessionOf(grant.SessionId!), grant.Resource!, grant.Predicate, grant.Sequence)
        {
            Id = grant.LeaseId,
            AcquiredAtMs = grant.AtMs,
            TtlMs = grant.TtlMs,
            Note = grant.Note,
            RequestId = grant.RequestId,
        };
        Renew(lease, grant.AtMs, grant.ExpiresAtMs);
        Hold(lease);
    }

    private Lease LeaseOf(in Event happened) => _leases.GetValueOrDefault(happened.LeaseId) ?? throw Unfit(happened);

    private static InvalidOperationException Unfit(in Event happened) =>
        new($"Event {happened.Sequence} ({happened.Kind}) does not fit the state it is applied to.");

    private Agent SetPriority(string agentId, ulong priority)
    {
        Agent? agent = _agents.Find(agentId);
        if (agent is null)
        {
            return _agents.Add(agentId, priority);
        }

        agent.Priority = priority;
        _agents.Touch(agent);
        return agent;
    }

    private void Hold(Lease lease)
    {
        _leases.Add(lease.Id, lease);
        _tree.Add(lease);
        _expiries.Add(lease);
        lease.Session.Add(lease);
        _agents.Touch(lease.Session.Agent);
        if (lease.RequestId is not null)
        {
            _byRequestId.Add((lease.Session, lease.RequestId), lease);
        }
    }

    private void Renew(Lease lease, long atMs, long expiresAtMs)
    {
        lease.LastHeartbeatMs = atMs;
        lease.ExpiresAtMs = expiresAtMs;
        if (lease.ExpiryIndex >= 0)
        {
            _expiries.Update(lease);
        }
    }

    private void LetGo(Lease lease, LeaseState state, long atMs)
    {
        lease.State = state;
        _leases.Remove(lease.Id);
        _tree.Remove(lease);
        _expiries.Remove(lease);
        lease.Session.Remove(lease);
        _agents.Touch(lease.Session.Agent);
        if (lease.RequestId is not null)
        {
            _byRequestId.Remove((lease.Session, lease.RequestId));
        }

        if (state != LeaseState.Released)
        {
            _ended.Add(lease.Id, state, atMs);
        }
    }
}
