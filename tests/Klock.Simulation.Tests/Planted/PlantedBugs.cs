namespace Klock.Simulation.Tests.Planted;

/// <summary>The planted bugs. The first four are the clauses of KLIS-8 and KLIS-11 that look dispensable and are not.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<PlantedBug> All => [.. OfVerdicts, .. OfWaits, .. OfAgeing, .. OfTimeAndCounts];

    private static PlantedBug[] OfVerdicts { get; } =
    [
        new(
            "re-entrance decided intent by intent",
            "Conflicts/Judge.cs",
            "queued.VisitConflicts(resource, strength, _collector);",
            "queued.VisitConflicts(resource, strength, _collector); Decide();"),
        new(
            "queued changes outlive their lease",
            "LeaseTable.Commands.cs",
            "if (lease.QueuedChange is { } change)",
            "if (lease.QueuedChange is { } change && state == LeaseState.Revoked)"),
        new(
            "a sole holder's upgrade passes every waiter",
            "LeaseTable.Acquire.cs",
            "return _judge.Decide() == Verdict.Grant;",
            "return _judge.Decide() == Verdict.Grant || _judge.Conflicts.Oldest.All(claim => claim is WaitClaim);"),
        new(
            "elders overtake in the queue",
            "Conflicts/Judge.cs",
            "else if (waiting.Number >= _before)",
            "else if (waiting.Number >= _before || Requester!.CompareSeniority(claim.Session) < 0)"),
        new(
            "re-entrance counts what its session queued behind the waiter",
            "Conflicts/Judge.cs",
            "(claim is not WaitClaim || claim.Number < _before)",
            "(claim is not WaitClaim || claim.Number != _before)"),
        new(
            "Wait-Die looks at one holder only",
            "Conflicts/ConflictSet.cs",
            "Verdict = needed > Verdict ? needed : Verdict;",
            "Verdict = Total == 1 ? needed : Verdict;"),
        new(
            "sessions of one agent are equally old",
            "Agents/Session.cs",
            "return order != 0 ? order : Utf8Order.Compare(Id, other.Id);",
            "return order;"),
    ];

    private static PlantedBug[] OfWaits { get; } =
    [
        new(
            "a parked request counts as a holder",
            "LeaseTable.Waits.cs",
            "queued: _judge.Conflicts.Verdict == Verdict.Wait,",
            "queued: true,"),
        new(
            "a session parks while it holds",
            "LeaseTable.Acquire.cs",
            "_judge.Conflicts.Verdict == Verdict.Wait || !session.HoldsOrQueues;",
            "_judge.Conflicts.Verdict == Verdict.Wait || session.HoldsOrQueues;"),
        new(
            "parked requests outlive a grant to their session",
            "LeaseTable.Acquire.cs",
            "        EndParked(session);",
            "        _ = session.FirstParked;"),
        new(
            "renewing a session keeps all waits of its process alive",
            "LeaseTable.State.cs",
            "private static void KeepAlive(Waiter waiter, long untilMs) => waiter.KeptUntilMs = untilMs;",
            "private void KeepAlive(Waiter waiter, long untilMs) => KeepAlive(waiter.Owner, waiter.KeptUntilMs = untilMs);"),
        new(
            "a parked request that may queue is not told",
            "LeaseTable.Waits.cs",
            "else if (verdict == Verdict.Wait && !waiter.IsQueued)",
            "else if (verdict == Verdict.Wait && !waiter.IsQueued && waiter.Claims.Count > 1)"),
        new(
            "a weakened lease wakes nobody",
            "LeaseTable.State.cs",
            "        _freed.ClaimGone(lease);\n        lease.KeepFirstToken();",
            "        lease.KeepFirstToken();"),
        new(
            "a waiter that leaves the queue wakes nobody",
            "LeaseTable.State.cs",
            "_freed.ClaimGone(claim);",
            "_ = claim;"),
    ];

    private static PlantedBug[] OfAgeing { get; } =
    [
        new(
            "whoever is parked is passed without end",
            "LeaseTable.Ageing.cs",
            "if (++waiter.Passes == PassesToBeSenior)",
            "if (++waiter.Passes == PassesToBeSenior && waiter.IsQueued)"),
        new(
            "a senior request is not judged again when it becomes senior",
            "LeaseTable.Ageing.cs",
            "_freed.Note(waiter);",
            "_ = waiter;"),
        new(
            "a session stays senior for ever",
            "Agents/Session.cs",
            "            SeniorSince = 0;\n",
            "            _ = SeniorSince;\n"),
        new(
            "of two seniors the later is the older",
            "Agents/Session.cs",
            "SeniorSince.CompareTo(other.SeniorSince)",
            "other.SeniorSince.CompareTo(SeniorSince)"),
        new(
            "a grant passes those of its own session",
            "LeaseTable.Ageing.cs",
            "waiter.Session != _granted && waiter.Number < _number",
            "waiter.Number < _number"),
        new(
            "who loads a store does not see who is senior",
            "LeaseTable.Apply.cs",
            "session.SeniorSince = happened.SeniorSince;",
            "_ = (session, happened.SeniorSince);"),
        new(
            "who loads a store does not count what passed the parked",
            "LeaseTable.Ageing.cs",
            "Pass(resource, Compatibility.Strength(predicate), number, granted: null);",
            "_ = (resource, predicate, number);"),
        new(
            "a change that gains conflicts passes nobody",
            "LeaseTable.State.cs",
            "lease.Strength > strength && Pass(lease);",
            "lease.Strength < strength && Pass(lease);"),
    ];

    private static PlantedBug[] OfTimeAndCounts { get; } =
    [
        new(
            "a lease lasts a millisecond too long",
            "LeaseTable.Time.cs",
            "_leaseExpiries.FirstExpiresAtMs <= NowMs",
            "_leaseExpiries.FirstExpiresAtMs < NowMs"),
        new(
            "a wait lasts a millisecond too long",
            "LeaseTable.Time.cs",
            "_waitExpiries.FirstExpiresAtMs <= NowMs",
            "_waitExpiries.FirstExpiresAtMs < NowMs"),
        new(
            "dead processes go on waiting",
            "LeaseTable.Time.cs",
            "_ownerExpiries.FirstExpiresAtMs <= NowMs",
            "_ownerExpiries.FirstExpiresAtMs < NowMs - 60_000"),
        new(
            "the clock may run back",
            "LeaseTable.cs",
            "private long Later(long nowMs) => Math.Max(nowMs, NowMs);",
            "private long Later(long nowMs) => nowMs;"),
        new(
            "a change keeps its fencing token",
            "LeaseTable.State.cs",
            "lease.FencingToken = fencingToken;",
            "_ = fencingToken;"),
        new(
            "a follower does not see who leaves the parking place",
            "LeaseTable.Apply.cs",
            "Promote(WaiterOf(happened), happened.Sequence);",
            "_ = WaiterOf(happened);"),
        new(
            "names of requests are never forgotten",
            "LeaseTable.State.cs",
            "_byRequestId.Remove(key);",
            "_ = key;"),
        new(
            "symbols are not counted beneath their file",
            "Resources/ResourceNode.cs",
            "Parent!._branch!.Symbols.Add(strength, change);",
            "Parent!.OwnBranch.Symbols.Add(strength, 0);"),
    ];
}
