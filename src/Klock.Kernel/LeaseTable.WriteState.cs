using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Kernel;

/// <summary>The state as events, for a store that keeps no rows of it; and events with what a follower knows left out.</summary>
public sealed partial class LeaseTable
{
    /// <summary>
    /// Writes the whole state as events: an empty table that applies them in their order, and moves on to this one's number and time, goes
    /// on as this one would.
    /// </summary>
    /// <remarks>
    /// An end of a lease among them is of one that is only remembered (<see cref="RememberEnded"/>), which the others do not speak of.
    /// Whoever applies them moved to a later time (<see cref="Event.Shifted"/>) gives every lease its whole ttl, and every wait the time
    /// that it has left now. Refusals that wait for an event are not in it.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The table is tentative (<see cref="IsTentative"/>).</exception>
    public void WriteState(IEventSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        RequireKept();

        // In the order in which they would be forgotten; whoever holds something leaves that order by it.
        foreach (Agent agent in _agents.Idle.Concat(_agents.All.Where(static agent => !agent.IsInIdleList)))
        {
            sink.Append(new Event
            {
                Sequence = 0, Kind = EventKind.Registered, AtMs = NowMs, AgentId = agent.Id, Priority = agent.Priority,
            });
        }

        foreach ((LeaseId id, LeaseState state, long endedAtMs) in _ended.All)
        {
            EventKind how = state == LeaseState.Expired ? EventKind.Expired : EventKind.Revoked;
            sink.Append(new Event { Sequence = 0, Kind = how, AtMs = endedAtMs, LeaseId = id });
        }

        foreach (Lease lease in _leases.Values.OrderBy(static lease => lease.FencingToken))
        {
            WriteState(sink, lease);
        }

        // Who shares a place comes after the place.
        foreach (Waiter waiter in _waiters.Values.OrderBy(static waiter => (waiter.Joins is not null, waiter.Number)))
        {
            WriteState(sink, waiter);
        }
    }

    /// <summary>An event that was written down without what a follower knows (<see cref="Event.Brief"/>), with that.</summary>
    /// <param name="happened">The event that this table is to follow next.</param>
    public Event Completed(in Event happened)
    {
        if (!happened.IsBrief || !_leases.TryGetValue(happened.LeaseId, out Lease? lease))
        {
            return happened;
        }

        var full = new Event(happened.Sequence, happened.Kind, happened.AtMs, lease, previousToken: 0, passes: false);
        return happened.Kind == EventKind.Renewed
            ? full with
            {
                SeniorSince = happened.SeniorSince, TtlMs = happened.TtlMs, ExpiresAtMs = happened.ExpiresAtMs, BoundTo = happened.BoundTo,
            }
            : full with { SeniorSince = happened.SeniorSince, ExpiresAtMs = happened.ExpiresAtMs };
    }

    private static void WriteState(IEventSink sink, Lease lease)
    {
        var granted = new Event(
            lease.FencingToken, EventKind.Granted, lease.AcquiredAtMs, lease, lease.KeptFirstToken, passes: false);
        sink.Append(granted);
        if (lease.LastHeartbeatMs != lease.AcquiredAtMs)
        {
            sink.Append((granted with { Kind = EventKind.Renewed, AtMs = lease.LastHeartbeatMs }).Brief());
        }

        if (lease.IsOfSharedSession)
        {
            sink.Append(granted with { Kind = EventKind.SessionShared });
        }
    }

    private void WriteState(IEventSink sink, Waiter waiter)
    {
        sink.Append(Waiting(waiter.IsQueued ? EventKind.Queued : EventKind.Parked, waiter) with { Sequence = waiter.Number });
        if (waiter.KeptUntilMs > 0)
        {
            var kept = new WaitFacts { Id = waiter.Id, OwnerId = waiter.Owner.Id };
            sink.Append(new Event
            {
                Sequence = 0, Kind = EventKind.KeptAlive, AtMs = NowMs, ExpiresAtMs = waiter.KeptUntilMs, Wait = kept,
            });
        }
    }
}
