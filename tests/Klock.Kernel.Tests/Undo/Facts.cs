using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Klock.Kernel.Claims;

namespace Klock.Kernel.Tests.Undo;

/// <summary>All that a table and its followers agree on.</summary>
internal static class Facts
{
    /// <param name="table">The table.</param>
    /// <param name="hasTimes">Whether times count: a follower may have another clock.</param>
    public static string Of(LeaseTable table, bool hasTimes = true)
    {
        StringBuilder text = new();
        CultureInfo invariant = CultureInfo.InvariantCulture;
        long Time(long ms) => hasTimes ? ms : 0;
        text.AppendLine(invariant, $"sequence {table.Sequence}");
        foreach (Agent agent in table.Agents.OrderBy(agent => agent.Id, StringComparer.Ordinal))
        {
            text.AppendLine(invariant, $"agent {agent.Id} {agent.Priority} {agent.IsIdle}");
        }

        foreach (Lease lease in Leases(table).Values.OrderBy(lease => lease.Id.Value))
        {
            text.AppendLine(invariant, $"lease {lease.Id} {lease.Session.Agent.Id}/{lease.Session.Id} senior {lease.Session.SeniorSince} "
                + $"{lease.Resource} {lease.Predicate} token {lease.FencingToken} first {lease.FirstToken} at {Time(lease.AcquiredAtMs)} "
                + $"ttl {lease.TtlMs} until {Time(lease.ExpiresAtMs)} note {lease.Note} request {lease.RequestId} bound {lease.BoundTo} "
                + $"shared {lease.IsOfSharedSession} change {lease.QueuedChange?.Id}");
        }

        foreach (Waiter waiter in table.Waiters.OrderBy(waiter => waiter.Id.Value))
        {
            text.AppendLine(invariant, $"wait {waiter.Id} {waiter.Session.Agent.Id}/{waiter.Session.Id} "
                + $"senior {waiter.Session.SeniorSince} queued {waiter.IsQueued} number {waiter.Number} "
                + $"until {Time(waiter.DeadlineMs)} ttl {waiter.TtlMs} note {waiter.Note} "
                + $"request {waiter.RequestId} bound {waiter.BoundTo} changes {waiter.Changes?.Id} joins {waiter.Joins?.Id} "
                + $"passes {waiter.Passes} alive {Time(waiter.AliveUntilMs)} claims "
                + $"{string.Join(' ', waiter.Claims.Select(claim => $"{claim.Wanted.LeaseId} {claim.Resource} {claim.Predicate}"))}");
        }

        return text.ToString();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_leases")]
    private static extern ref Dictionary<LeaseId, Lease> Leases(LeaseTable table);
}
