using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Waits;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Inside;

/// <summary>Compares a kernel's own account of its state with the book.</summary>
internal static class Compare
{
    public static void Tables(Book book, LeaseTable table)
    {
        UnlessSame(book.Sequence, table.Sequence, "sequence");
        UnlessSame(book.Leases.Count, table.CountActive(book.NowMs), "active leases");
        UnlessSame(book.Waits.Count, table.WaiterCount, "waits");
        Unless(table.NextDueMs <= book.NextDueMs, $"something is due at {book.NextDueMs}, and the kernel says at {table.NextDueMs}");
        foreach (BookLease lease in book.Leases)
        {
            CheckLease(lease, table.FindLease(lease.Id));
        }

        foreach (BookWait wait in book.Waits)
        {
            CheckWait(wait, table.FindWaiter(wait.Id));
        }

        CheckAgents(book, table);
    }

    /// <summary>Every wait that ended is notified once, with what the event says, by the leader and by its follower.</summary>
    public static void Ends(Replica leader, Replica follower)
    {
        IEnumerable<(LeaseId, WaitOutcome)> events = leader.Events
            .Where(happened => happened.Kind == EventKind.WaitEnded)
            .Select(happened => (happened.Wait!.Id, happened.Wait.Outcome));
        IEnumerable<(LeaseId, WaitOutcome)> told = leader.Ends.Select(end => (end.WaitId, end.Outcome));
        Unless(events.SequenceEqual(told), "the ends of waits that are told are not those of the events");
        Unless(leader.Ends.SequenceEqual(follower.Ends), "leader and follower tell of other ends of waits");
        foreach (EndOfWait end in leader.Ends)
        {
            Unless((end.Outcome == WaitOutcome.Granted) == (end.Leases.Length > 0), $"told as {end}");
        }
    }

    private static void CheckLease(BookLease expected, Lease? lease)
    {
        Unless(lease is { State: LeaseState.Active }, "a lease is missing");
        bool same = ReferenceEquals(lease!.Resource, expected.Want.Place.Resource)
            && lease.Predicate == expected.Want.Predicate
            && lease.FencingToken == expected.Token
            && lease.AcquiredAtMs == expected.AcquiredAtMs
            && lease.TtlMs == expected.TtlMs
            && lease.ExpiresAtMs == expected.ExpiresAtMs
            && lease.LastHeartbeatMs == expected.LastHeartbeatMs
            && lease.RequestId == expected.RequestId
            && lease.Note == expected.Note
            && lease.Session.SeniorSince == (expected.Session.SeniorSince ?? 0)
            && lease.Session.Id == expected.Session.Id
            && lease.Session.Agent.Id == expected.Session.Agent.Id;
        Unless(same, $"a lease is not what it must be: {expected}");
    }

    private static void CheckWait(BookWait expected, Waiter? wait)
    {
        Unless(wait is not null, "a wait is missing");
        bool same = wait!.IsQueued == expected.IsQueued
            && wait.Number == expected.Number
            && wait.DeadlineMs == expected.DeadlineMs
            && wait.TtlMs == expected.Asked.TtlMs
            && wait.RequestId == expected.Asked.RequestId
            && wait.Changes?.Id == expected.Changes?.Id
            && (wait.Changes is null || wait.Changes.QueuedChange == wait)
            && (wait.IsQueued || Math.Min(wait.Passes, LeaseTable.PassesToBeSenior) == Math.Min(expected.Passes, Ageing.PassesToBeSenior))
            && wait.Owner.Id == expected.Owner.Id
            && wait.Owner.AliveUntilMs == expected.Owner.AliveUntilMs
            && wait.KeptUntilMs == expected.KeptUntilMs
            && wait.Session.SeniorSince == (expected.Session.SeniorSince ?? 0)
            && wait.Session.Id == expected.Session.Id
            && wait.Session.Agent.Id == expected.Session.Agent.Id
            && wait.Claims.Count == expected.Asked.Wants.Length;
        Unless(same, $"a wait is not what it must be: {expected}");
    }

    private static void CheckAgents(Book book, LeaseTable table)
    {
        Dictionary<string, BookAgent> expected = book.Agents.ToDictionary(agent => agent.Id, StringComparer.Ordinal);
        HashSet<BookAgent> busy = [.. book.Leases.Select(lease => lease.Session.Agent), .. book.Waits.Select(wait => wait.Session.Agent)];
        UnlessSame(expected.Count, table.AgentCount, "agents");
        foreach (Agent agent in table.Agents)
        {
            BookAgent? known = expected.GetValueOrDefault(agent.Id);
            bool same = known is not null && known.Priority == agent.Priority && agent.IsIdle != busy.Contains(known);
            Unless(same, $"agent {agent.Id} of priority {agent.Priority}, idle {agent.IsIdle}, is not what it must be, {known?.Priority}");
        }
    }
}
