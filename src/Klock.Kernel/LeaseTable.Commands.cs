using Klock.Kernel.Agents;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Leases;

namespace Klock.Kernel;

/// <summary>The commands: each first ends what is overdue at its time, then decides, then changes the state.</summary>
public sealed partial class LeaseTable
{
    /// <summary>Ends every lease that is over at this time. Returns how many.</summary>
    public int ExpireOverdue(long nowMs)
    {
        NowMs = Later(nowMs);
        int expired = 0;
        for (; _expiries.FirstExpiresAtMs <= NowMs; expired++)
        {
            End(_expiries.First!, LeaseState.Expired);
        }

        return expired;
    }

    /// <summary>Makes an agent known, or gives an idle one another priority.</summary>
    public CommandStatus RegisterAgent(string agentId, ulong priority, long nowMs)
    {
        ExpireOverdue(nowMs);
        Agent? agent = _agents.Find(agentId);
        if (agent is { IsIdle: false } && agent.Priority != priority)
        {
            return CommandStatus.AgentBusy;
        }

        if (agent is null || agent.Priority != priority)
        {
            Register(agentId, priority);
        }

        return CommandStatus.Done;
    }

    /// <summary>Asks for one lease (KLIS-3 to KLIS-7).</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="outcome">The lease, or what stands in its way; valid until the next command.</param>
    /// <returns><see cref="CommandStatus.Done"/> (granted or refused) or <see cref="CommandStatus.RequestIdReused"/>.</returns>
    public CommandStatus Acquire(in LeaseRequest request, long nowMs, out AcquireOutcome outcome)
    {
        ExpireOverdue(nowMs);
        Session requester = (_agents.Find(request.AgentId) ?? Register(request.AgentId, FirstPriority)).SessionOf(request.SessionId);
        if (request.RequestId is not null && _byRequestId.TryGetValue((requester, request.RequestId), out Lease? earlier))
        {
            outcome = new AcquireOutcome(earlier, _conflicts);
            bool same = earlier.Predicate == request.Predicate && earlier.Resource.Equals(request.Resource);
            return same ? CommandStatus.Done : CommandStatus.RequestIdReused;
        }

        _conflicts.Reset(requester);
        _conflicts.Judge(_tree, request.Resource, request.Predicate);
        outcome = new AcquireOutcome(_conflicts.Verdict == Verdict.Grant ? Grant(request, requester) : null, _conflicts);
        return CommandStatus.Done;
    }

    /// <summary>Judges a manifest without taking anything (KLIS-5). An unknown agent is judged as if it registered now.</summary>
    /// <returns>What stands in its way; valid until the next command.</returns>
    public ConflictSet Declare(string agentId, string sessionId, ReadOnlySpan<Intent> intents, long nowMs)
    {
        ExpireOverdue(nowMs);
        Agent agent = _agents.Find(agentId) ?? new Agent(agentId, FirstPriority);
        _conflicts.Reset(agent.SessionOf(sessionId));
        foreach (Intent intent in intents)
        {
            _conflicts.Judge(_tree, intent.Resource, intent.Predicate);
        }

        return _conflicts;
    }

    /// <summary>Renews a lease: it lasts its ttl from now.</summary>
    public CommandStatus Heartbeat(LeaseId id, long nowMs, out Lease? lease)
    {
        ExpireOverdue(nowMs);
        CommandStatus status = FindActive(id, out lease);
        if (status == CommandStatus.Done)
        {
            NextSequence();
            Renew(lease!, NowMs, NowMs + lease!.TtlMs);
            Emit(EventKind.Renewed, lease!);
        }

        return status;
    }

    /// <summary>Lets a lease go.</summary>
    public CommandStatus Release(LeaseId id, long nowMs) => EndActive(id, LeaseState.Released, nowMs);

    /// <summary>Takes a lease away from its holder: for an operator.</summary>
    public CommandStatus Revoke(LeaseId id, long nowMs) => EndActive(id, LeaseState.Revoked, nowMs);

    /// <summary>How a lease that is no longer active ended; null when that is not remembered.</summary>
    public LeaseState? FindEnded(LeaseId id) => _ended.Find(id);

    // An agent that acquires before it registers is as old as its first acquire (KLIS-3).
    private ulong FirstPriority => (ulong)NowMs;

    private CommandStatus EndActive(LeaseId id, LeaseState state, long nowMs)
    {
        ExpireOverdue(nowMs);
        CommandStatus status = FindActive(id, out Lease? lease);
        if (status == CommandStatus.Done)
        {
            End(lease!, state);
        }

        return status;
    }

    private CommandStatus FindActive(LeaseId id, out Lease? lease)
    {
        if (_leases.TryGetValue(id, out lease))
        {
            return CommandStatus.Done;
        }

        return _ended.Find(id) == LeaseState.Expired ? CommandStatus.LeaseExpired : CommandStatus.UnknownLease;
    }

    private Agent Register(string agentId, ulong priority)
    {
        NextSequence();
        Agent agent = SetPriority(agentId, priority);
        if (_sink is not null)
        {
            _sink.Append(new Event
            {
                Sequence = Sequence, Kind = EventKind.Registered, AtMs = NowMs, AgentId = agentId, Priority = priority,
            });
        }

        while (_agents.Count > RememberedAgents && _agents.FirstToForget is { } idle && idle != agent)
        {
            NextSequence();
            _agents.Remove(idle);
            _sink?.Append(new Event { Sequence = Sequence, Kind = EventKind.Forgotten, AtMs = NowMs, AgentId = idle.Id });
        }

        return agent;
    }

    private Lease Grant(in LeaseRequest request, Session session)
    {
        var lease = new Lease(session, request.Resource, request.Predicate, NextSequence())
        {
            Id = request.LeaseId,
            AcquiredAtMs = NowMs,
            TtlMs = request.TtlMs,
            Note = request.Note,
            RequestId = request.RequestId,
        };
        Renew(lease, NowMs, NowMs + lease.TtlMs);
        Hold(lease);
        Emit(EventKind.Granted, lease);
        return lease;
    }

    private void End(Lease lease, LeaseState state)
    {
        NextSequence();
        LetGo(lease, state, NowMs);
        Emit(state switch
        {
            LeaseState.Released => EventKind.Released,
            LeaseState.Expired => EventKind.Expired,
            LeaseState.Revoked => EventKind.Revoked,
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not an end"),
        }, lease);
    }

    private void Emit(EventKind kind, Lease lease)
    {
        _sink?.Append(new Event
        {
            Sequence = Sequence,
            Kind = kind,
            AtMs = NowMs,
            AgentId = lease.Session.Agent.Id,
            SessionId = lease.Session.Id,
            LeaseId = lease.Id,
            FencingToken = lease.FencingToken,
            Resource = lease.Resource,
            Predicate = lease.Predicate,
            TtlMs = lease.TtlMs,
            ExpiresAtMs = lease.ExpiresAtMs,
            Note = lease.Note,
            RequestId = lease.RequestId,
        });
    }
}
