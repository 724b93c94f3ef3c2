namespace Klock.Simulation.Tests.Planted;

/// <summary>The planted bugs. The first four are the clauses of KLIS-8 and KLIS-11 that look dispensable and are not.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<PlantedBug> All => [.. OfVerdicts, .. OfWaits, .. OfSharedPlaces, .. OfAgeing, .. OfTimeAndCounts];

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
            "LeaseTable.Change.cs",
            "return _judge.Decide() == Verdict.Grant;",
            "return _judge.Decide() == Verdict.Grant || _judge.Conflicts.Oldest.All(claim => claim is WaitClaim);"),
        new(
            "elders overtake in the queue",
            "Conflicts/BlockerFinder.cs",
            "(waiting.Number < _before && !MayBePassed(waiting))",
            "(waiting.Number < _before && _session!.CompareSeniority(claim.Session) > 0 && !MayBePassed(waiting))"),
        new(
            "re-entrance counts what its session queued behind the waiter",
            "Conflicts/Reentrance.cs",
            "(claim is not WaitClaim || claim.Number < _before)",
            "(claim is not WaitClaim || claim.Number != _before)"),
        new(
            "Wait-Die looks at one holder only",
            "Conflicts/WaitDie.cs",
            "return needed > soFar ? needed : soFar;",
            "return soFar == Verdict.Grant ? needed : soFar;"),
        new(
            "sessions of one agent are equally old",
            "Claims/Seniority.cs",
            "return order != 0 ? order : Utf8Order.Compare(one.Id, other.Id);\n    }\n\n    /// <summary>By",
            "return order;\n    }\n\n    /// <summary>By"),
    ];

    private static PlantedBug[] OfSharedPlaces { get; } =
    [
        new(
            "a repeat that waits has a place of its own",
            "LeaseTable.RequestIds.cs",
            "if (request.Wait is not { } again)",
            "if (request.Wait is not { WaitMs: < 0 } again)"),
        new(
            "what has passed a place does not count for who shared it",
            "Claims/Waiter.cs",
            "Passes = before.Passes;",
            "_ = before.Passes;"),
        new(
            "a place goes with the first of those who share it",
            "LeaseTable.Joining.cs",
            "? first",
            "? null"),
        new(
            "who has got a place is not judged",
            "LeaseTable.Joining.cs",
            "NoteNew(successor);",
            "_ = successor;"),
    ];

    private static PlantedBug[] OfWaits { get; } =
    [
        new(
            "a parked request counts as a holder",
            "LeaseTable.Waits.cs",
            "waiter.Joins?.IsQueued ?? _judge.Conflicts.Verdict == Verdict.Wait;",
            "waiter.Joins?.IsQueued ?? true;"),
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
            "        waiter.KeptUntilMs = untilMs;",
            "        KeepAlive(waiter.Owner, waiter.KeptUntilMs = untilMs);"),
        new(
            "who is parked is not judged again when somebody lets go",
            "LeaseTable.Freed.cs",
            "_parked.VisitConflicts(claim.Resource, claim.Strength, _parkedNoter);",
            "_ = _parkedNoter;"),
        new(
            "a weakened lease wakes nobody",
            "LeaseTable.State.cs",
            "if (Compatibility.Strength(predicate) < strength)",
            "if (Compatibility.Strength(predicate) < strength - Compatibility.Exclusive)"),
        new(
            "a waiter that leaves the queue wakes nobody",
            "LeaseTable.State.cs",
            "NoteGone(claim);",
            "_ = claim;"),
        new(
            "who watches a queued request is forgotten when that is granted",
            "LeaseTable.State.cs",
            "HandOver(watchers, lease);",
            "_ = watchers;"),
        new(
            "of a line those behind are in the way too",
            "Conflicts/ConflictSet.cs",
            "int others = line.CountBefore(before) - own;",
            "int others = line.Count - own;"),
        new(
            "an elder of some in a line is taken for one of all",
            "LeaseTable.Freed.cs",
            "elder.Session.CompareSeniority(line.Oldest!.Session) < 0;",
            "elder.Session.CompareSeniority(line.Oldest!.Session) < 2;"),
    ];

    private static PlantedBug[] OfAgeing { get; } =
    [
        new(
            "whoever is parked is passed without end",
            "LeaseTable.Ageing.cs",
            "return ++waiter.Passes == PassesToBeSenior;",
            "return ++waiter.Passes == PassesToBeSenior && waiter.IsQueued;"),
        new(
            "a line goes by the ages that its sessions had",
            "Claims/Line.cs",
            "public void Update(Claim claim) => Set(claim.Place, claim, 0);",
            "public void Update(Claim claim) => _ = claim;"),
        new(
            "of a line one is left out when they are passed",
            "LeaseTable.Ageing.cs",
            "line.UnagedFrom++;",
            "line.UnagedFrom += 2;"),
        new(
            "a senior request is not judged again when it becomes senior",
            "LeaseTable.Ageing.cs",
            "NoteParked(waiter);",
            "_ = waiter;"),
        new(
            "a session stays senior for ever",
            "Claims/Session.cs",
            "            SeniorSince = 0;\n",
            "            _ = SeniorSince;\n"),
        new(
            "of two seniors the later is the older",
            "Claims/Seniority.cs",
            "one.SeniorSince.CompareTo(other.SeniorSince)",
            "other.SeniorSince.CompareTo(one.SeniorSince)"),
        new(
            "a grant passes those of its own session",
            "LeaseTable.Ageing.cs",
            "waiter.Session == _granted || waiter.Number >= _number",
            "waiter.Number >= _number"),
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
            "LeaseTable.Advance.cs",
            "_leaseExpiries.FirstExpiresAtMs <= NowMs",
            "_leaseExpiries.FirstExpiresAtMs < NowMs"),
        new(
            "a wait lasts a millisecond too long",
            "LeaseTable.Advance.cs",
            "_waitExpiries.FirstExpiresAtMs <= NowMs",
            "_waitExpiries.FirstExpiresAtMs < NowMs"),
        new(
            "dead processes go on waiting",
            "LeaseTable.Advance.cs",
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
            "Claims/NamedGrants.cs",
            "_leases.Remove(key);",
            "_ = key;"),
        new(
            "namespaces are ignored",
            "Resources/Resource.cs",
            "Namespace = @namespace;",
            "Namespace = null;"),
        new(
            "what is above a name is looked for outside of its namespace",
            "Tree/ResourceTree.cs",
            "new HashedPath(path, resource.Namespace, hash)",
            "new HashedPath(path, null, hash)"),
        new(
            "symbols are not counted beneath their file",
            "Claims/ResourceNode.cs",
            "Parent!._branch!.Symbols.Add(strength, change);",
            "Parent!.OwnBranch.Symbols.Add(strength, 0);"),
    ];
}
