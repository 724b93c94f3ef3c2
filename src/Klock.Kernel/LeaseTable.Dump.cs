using System.Globalization;
using System.Text;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Tree;

namespace Klock.Kernel;

/// <summary>The whole state as text, private indices included: tables with the same text go on alike. For tests, as CheckAll is.</summary>
/// <remarks>
/// Left out is what decides nothing: how a heap or a hash table lies in memory; what was found last; which of an agent's open sessions has
/// the field of its own; marks of rounds of judging; whether a list of watchers that is empty exists.
/// </remarks>
public sealed partial class LeaseTable
{
    private static readonly CultureInfo _invariant = CultureInfo.InvariantCulture;

    /// <summary>The state, one fact a line. Costs as much as all that is held.</summary>
    internal string Dump()
    {
        var text = new StringBuilder();
        text.AppendLine(_invariant, $"sequence {Sequence} now {NowMs}");
        foreach (Event refusal in _events.PendingRefusals)
        {
            text.AppendLine(_invariant, $"pending {refusal}");
        }

        DumpAgents(text);
        foreach (Lease lease in _leases.Values.OrderBy(lease => lease.Id.Value))
        {
            DumpLease(text, lease);
        }

        foreach (Waiter waiter in _waiters.Values.OrderBy(waiter => waiter.Id.Value))
        {
            DumpWaiter(text, waiter);
        }

        DumpTree(text, "held", _held);
        DumpTree(text, "queued", _queued);
        DumpTree(text, "parked", _parked);
        DumpIndices(text);
        return text.ToString();
    }

    private void DumpAgents(StringBuilder text)
    {
        foreach (Agent agent in _agents.All.OrderBy(agent => agent.Id, StringComparer.Ordinal))
        {
            text.AppendLine(_invariant, $"agent {agent.Id} priority {agent.Priority} idle {agent.IsIdle} "
                + $"open {agent.OpenSessions.Count()}");
            foreach (Session session in agent.OpenSessions.OrderBy(session => session.Id, StringComparer.Ordinal))
            {
                DumpSession(text, session);
            }
        }

        text.AppendLine(_invariant, $"idle {Names(_agents.Idle.Select(agent => agent.Id))} of {_agents.Count}");
    }

    private static void DumpSession(StringBuilder text, Session session)
    {
        List<string> leases = [];
        for (Lease? lease = session.FirstLease; lease is not null; lease = lease.NextInSession)
        {
            leases.Add(Name(lease));
        }

        bool isFound = session.Agent.SessionOf(session.Id) == session;
        text.AppendLine(_invariant, $"session {session.Agent.Id}/{session.Id} senior {session.SeniorSince} found {isFound} "
            + $"leases {session.LeaseCount}: {Names(leases)} queued {session.QueuedCount} waits {Names(session.Waiters.Select(Name))}");
    }

    private void DumpLease(StringBuilder text, Lease lease)
    {
        text.AppendLine(_invariant, $"lease {Name(lease)} {lease.Session.Agent.Id}/{lease.Session.Id} {lease.State} "
            + $"{lease.Resource} {lease.Resource.Namespace} {lease.Predicate} token {lease.FencingToken} "
            + $"first {lease.KeptFirstToken} at {lease.AcquiredAtMs} ttl {lease.TtlMs} "
            + $"until {lease.ExpiresAtMs} note {lease.Note} request {lease.RequestId} bound {lease.BoundTo} "
            + $"shared {lease.IsOfSharedSession} "
            + $"change {Name(lease.QueuedChange)} watched by {Watchers(lease)}");
        text.AppendLine(_invariant, $"  named {Names((_named.Find(lease.Session, lease.RequestId) ?? []).Select(Name))} "
            + $"notified {_sharing?.WasNotified(lease)}");
    }

    private static void DumpWaiter(StringBuilder text, Waiter waiter)
    {
        text.AppendLine(_invariant, $"wait {Name(waiter)} {waiter.Session.Agent.Id}/{waiter.Session.Id} queued {waiter.IsQueued} "
            + $"number {waiter.Number} until {waiter.DeadlineMs} ttl {waiter.TtlMs} note {waiter.Note} "
            + $"request {waiter.RequestId} bound {waiter.BoundTo} "
            + $"changes {Name(waiter.Changes)} kept {waiter.KeptUntilMs} ended {waiter.HasEnded} noted {waiter.NotedAt}");
        text.AppendLine(_invariant, $"  passes {waiter.Passes} by {waiter.PassedBy} elder {Seen(waiter.Elder)} joins {Name(waiter.Joins)} "
            + $"joined by {Names((waiter.JoinedBy ?? []).Select(Name))} watches {waiter.Watches is not null}");
        foreach (WaitClaim claim in waiter.Claims)
        {
            text.AppendLine(_invariant, $"  claim {Name(claim)} {claim.Resource} {claim.Resource.Namespace} {claim.Predicate} "
                + $"became {Name(claim.Became)} stands {claim.Node is not null} of {Name(claim.Waiter)} watched by {Watchers(claim)}");
        }
    }

    private static void DumpTree(StringBuilder text, string name, ResourceTree tree)
    {
        text.AppendLine(_invariant, $"{name} {tree.ClaimCount} claims, {tree.SubtreeClaimCount} of subtrees, "
            + $"kept {Names(tree.Unclaimed.Select(FullName))}");
        foreach ((string path, ResourceNode node) in tree.AllNodes.Select(node => (FullName(node), node))
            .OrderBy(named => named.Item1, StringComparer.Ordinal))
        {
            List<string> claims = [];
            for (Claim? claim = node.FirstClaim; claim is not null; claim = claim.NextOnNode)
            {
                claims.Add(string.Create(_invariant, $"{Name(claim)} in place {claim.Place}"));
            }

            List<string> children = [];
            for (ResourceNode? child = node.FirstChild; child is not null; child = child.NextSibling)
            {
                children.Add(child.Part.ToString());
            }

            text.AppendLine(_invariant, $"  {path} kept {node.IsKept} children {Names(children)} exact {node.Exact} subtree {node.Subtree} "
                + $"symbols {node.Symbols} beneath {node.Beneath} claims {Names(claims)}");
            foreach (Line line in node.Crowd?.Lines ?? [])
            {
                DumpLine(text, line);
            }
        }
    }

    private static void DumpLine(StringBuilder text, Line line)
    {
        long firstMs = long.MaxValue;
        List<string> places = [];
        for (int place = 0; place < line.End; place++)
        {
            places.Add(string.Create(_invariant, $"{line.NumberAt(place)} {Name(line[place])}"));
            firstMs = line[place] is Lease lease ? Math.Min(firstMs, lease.ExpiresAtMs) : firstMs;
        }

        // It may be too early, but never too late.
        bool isEarlyEnough = line.FirstEndAtLeastMs <= firstMs;
        text.AppendLine(_invariant, $"    line {line.Strength} count {line.Count} oldest {Name(line.Oldest)} elder {Seen(line.Elder)} "
            + $"aged {line.UnagedFrom} noted {line.NotedFrom} ends right {isEarlyEnough} places {Names(places)}");
    }

    private void DumpIndices(StringBuilder text)
    {
        foreach (WaitOwner owner in _owners.Values.OrderBy(owner => owner.Id.Value))
        {
            text.AppendLine(_invariant, $"owner {owner.Id} alive {owner.AliveUntilMs} until {owner.ExpiresAtMs} number {owner.Number} "
                + $"waits {owner.WaiterCount}: {Names(owner.Waiters.Select(Name))}");
        }

        text.AppendLine(_invariant, $"lease ends {Names(_leaseExpiries.InOrder.Select(Name))}");
        text.AppendLine(_invariant, $"wait ends {Names(_waitExpiries.InOrder.Select(Name))}");
        text.AppendLine(_invariant, $"owner ends {Names(_ownerExpiries.InOrder.Select(owner => owner.Id.ToString()))}");
        text.AppendLine(_invariant, $"requests {_named.Count}");
        foreach (LeaseId process in _bound.Processes.OrderBy(process => process.Value))
        {
            text.AppendLine(_invariant, $"bound to {process} {Names(_bound.LeasesOf(process).Select(Name))} "
                + $"{Names(_bound.WaitersOf(process).Select(Name))}");
        }

        foreach ((LeaseId id, LeaseState state, long endedAtMs) in _ended.All)
        {
            text.AppendLine(_invariant, $"ended {id} {state} {endedAtMs}");
        }

        text.AppendLine(_invariant, $"due {Names(_due.Noted.Select(Name))}");
        foreach ((Line line, long number) in _due.NotedLines.OrderBy(noted => noted.Number)
            .ThenBy(noted => Name(noted.Line.Oldest), StringComparer.Ordinal))
        {
            text.AppendLine(_invariant, $"due line of {Name(line.Oldest)} {number}");
        }
    }

    private static string FullName(ResourceNode node)
    {
        var name = new StringBuilder();
        for (ResourceNode? above = node; above is not null; above = above.Parent)
        {
            name.Insert(0, above.Namespace is { } space ? $"[{space}]" : $"/{above.Part}");
        }

        return name.Append(' ').Append(node.Type).ToString();
    }

    private static string Watchers(Claim claim)
    {
        List<string> watchers = [];
        for (Waiter? waiter = claim.Watchers?.First; waiter is not null; waiter = waiter.NextWatcher)
        {
            watchers.Add(waiter.Watches == claim.Watchers ? Name(waiter) : $"{Name(waiter)}, who watches another list");
        }

        return $"{claim.Watchers?.Count ?? 0}: {Names(watchers)}";
    }

    private static string Name(Waiter? waiter) => waiter is null ? "-" : waiter.Id.ToString();

    private static string Name(Claim? claim) => claim switch
    {
        null => "-",
        Lease lease => lease.Id.ToString(),
        WaitClaim waiting => $"{waiting.LeaseId} wanted",
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, "is neither held nor wanted"),
    };

    private static string Seen(in SeenClaim seen) =>
        string.Create(_invariant, $"{Name(seen.Claim)} at {seen.Strength} standing {Name(seen.Standing)}");

    private static string Names(IEnumerable<string> names) => $"({string.Join(", ", names)})";
}
