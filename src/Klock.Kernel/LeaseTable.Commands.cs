using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>Commands on agents, on single leases and on sessions.</summary>
public sealed partial class LeaseTable
{
    /// <summary>Makes an agent known, or gives an idle one another priority.</summary>
    public CommandStatus RegisterAgent(string agentId, ulong priority, long nowMs)
    {
        Advance(nowMs);
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

    /// <summary>Renews a lease: it lasts its ttl from now.</summary>
    /// <param name="id">Which lease.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="lease">The lease, when there is one.</param>
    /// <param name="ttlMs">Its ttl from now on, in ms; null to leave it as it is.</param>
    public CommandStatus Heartbeat(LeaseId id, long nowMs, out Lease? lease, long? ttlMs = null)
    {
        Advance(nowMs);
        CommandStatus status = FindActive(id, out lease);
        if (status == CommandStatus.Done)
        {
            RenewFromNow(lease!, ttlMs);
        }

        return status;
    }

    /// <summary>Releases a lease.</summary>
    public CommandStatus Release(LeaseId id, long nowMs) => EndActive(id, LeaseState.Released, nowMs);

    /// <summary>Takes a lease away from its holder: for an operator.</summary>
    public CommandStatus Revoke(LeaseId id, long nowMs) => EndActive(id, LeaseState.Revoked, nowMs);

    /// <summary>
    /// Renews all leases of a session, and its waits, but not others of the process that waits (KLIS-10). Returns how many leases.
    /// </summary>
    /// <param name="agentId">Whose session.</param>
    /// <param name="sessionId">Which one.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="isMeant">Which of its leases, and of its waits by any of their claims; null for all.</param>
    public int RenewSession(string agentId, string sessionId, long nowMs, Func<Claim, bool>? isMeant = null)
    {
        Advance(nowMs);
        Session? session = _agents.Find(agentId)?.SessionOf(sessionId);
        foreach (Waiter waiter in session?.Waiters ?? [])
        {
            if (isMeant?.Invoke(waiter.Claims[0]) == false)
            {
                continue;
            }

            _events.Next();
            KeepAlive(waiter, NowMs + WaitKeepAliveMs);
            EmitKeptAlive(new WaitFacts { Id = waiter.Id, OwnerId = waiter.Owner.Id }, waiter.KeptUntilMs);
        }

        int renewed = 0;
        for (Lease? lease = session?.FirstLease; lease is not null; lease = lease.NextInSession)
        {
            if (isMeant?.Invoke(lease) != false)
            {
                RenewFromNow(lease);
                renewed++;
            }
        }

        return renewed;
    }

    /// <summary>Ends a session: its waits are closed, its leases released, all at once (KLIS-10). Returns how many leases.</summary>
    /// <param name="agentId">Whose session.</param>
    /// <param name="sessionId">Which one.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="isMeant">Which of its leases, and of its waits by any of their claims; null for all.</param>
    public int EndSession(string agentId, string sessionId, long nowMs, Func<Claim, bool>? isMeant = null)
    {
        Advance(nowMs);
        Session? session = _agents.Find(agentId)?.SessionOf(sessionId);
        for (int i = (session?.Waiters.Count ?? 0) - 1; i >= 0; i--)
        {
            if (isMeant?.Invoke(session!.Waiters[i].Claims[0]) != false)
            {
                EndWait(session!.Waiters[i], WaitOutcome.Closed);
            }
        }

        int released = 0;
        for (Lease? lease = session?.FirstLease, next; lease is not null; lease = next)
        {
            next = lease.NextInSession;
            if (isMeant?.Invoke(lease) != false)
            {
                End(lease, LeaseState.Released);
                released++;
            }
        }

        Settle();
        return released;
    }

    private CommandStatus EndActive(LeaseId id, LeaseState state, long nowMs)
    {
        Advance(nowMs);
        CommandStatus status = FindActive(id, out Lease? lease);
        if (status == CommandStatus.Done)
        {
            End(lease!, state);
            Settle();
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
        _events.Next();
        Agent agent = SetPriority(agentId, priority);
        EmitAgent(EventKind.Registered, agent);
        while (_agents.Count > RememberedAgents && _agents.FirstToForget is { } idle && idle != agent)
        {
            _events.Next();
            Forget(idle);
            EmitAgent(EventKind.Forgotten, idle);
        }

        return agent;
    }

    private Lease Grant(Session session, in WantedLease wanted, long ttlMs, string? note, string? requestId, LeaseId boundTo)
    {
        var lease = new Lease(session, wanted.Resource, wanted.Predicate, _events.Next())
        {
            Id = wanted.LeaseId,
            AcquiredAtMs = NowMs,
            TtlMs = ttlMs,
            Note = note,
            RequestId = requestId,
            BoundTo = boundTo,
        };
        SetRenewed(lease, ttlMs, NowMs + ttlMs);
        bool passes = Hold(lease);
        EmitLease(EventKind.Granted, lease, passes: passes);
        if (boundTo != default)
        {
            NoteSharing(lease);
        }

        return lease;
    }

    private void RenewFromNow(Lease lease, long? newTtlMs = null)
    {
        long ttlMs = newTtlMs ?? lease.TtlMs;
        _events.Next();
        SetRenewed(lease, ttlMs, NowMs + ttlMs);
        EmitLease(EventKind.Renewed, lease);
    }

    private void End(Lease lease, LeaseState state)
    {
        if (lease.QueuedChange is { } change)
        {
            EndWait(change, state == LeaseState.Expired ? WaitOutcome.LeaseExpired : WaitOutcome.LeaseEnded);
        }

        _events.Next();
        RemoveLease(lease, state, NowMs);
        EmitLease(EndKind(state), lease);
    }

    private static EventKind EndKind(LeaseState state) => state switch
    {
        LeaseState.Released => EventKind.Released,
        LeaseState.Expired => EventKind.Expired,
        LeaseState.Revoked => EventKind.Revoked,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not an end"),
    };
}
