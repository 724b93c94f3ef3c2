using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Resources;

namespace Klock.Agents.Claims;

/// <summary>The answer to a claim.</summary>
/// <param name="Files">What was asked for.</param>
/// <param name="Refusal">Why nothing was claimed; null when all was.</param>
/// <param name="Store">Where it was refused; null when it was not.</param>
/// <param name="WaitedMs">How long that took, in ms.</param>
/// <param name="HoldsOthers">Whether the agent holds other claims.</param>
internal sealed record ClaimAnswer(
    IReadOnlyList<ClaimFile> Files, AcquireAnswer? Refusal, ClaimStore? Store, long WaitedMs, bool HoldsOthers);

/// <summary>What agents do about claims (SPEC section 9, MCP).</summary>
internal sealed class ClaimDesk(ClaimBook book, TimeProvider clock)
{
    /// <summary>Claims files: all or none.</summary>
    /// <param name="who">For whom.</param>
    /// <param name="files">The files.</param>
    /// <param name="predicate">For what, as in <c>MUTATES</c>.</param>
    /// <param name="waitMs">How long to wait at the most, in ms; 0 not to.</param>
    /// <param name="note">Why; null to say nothing, or to leave the note that is there.</param>
    public ClaimAnswer Claim(IClaimant who, IReadOnlyList<ClaimFile> files, string predicate, long waitMs, string? note)
    {
        long start = clock.GetTimestamp();
        List<Claim> taken = [];
        try
        {
            IEnumerable<ClaimFile> distinct = files.DistinctBy(file => (file.Store.Id, file.Name));
            foreach (IGrouping<string, ClaimFile> group in distinct.GroupBy(file => file.Store.Id))
            {
                // One wait for all stores together.
                long left = Math.Max(0, waitMs - (long)clock.GetElapsedTime(start).TotalMilliseconds);
                ClaimStore store = group.First().Store;
                if (Take(who, store, [.. group], predicate, left, note, taken) is { } refusal)
                {
                    GiveBack(taken);
                    bool holds = book.Of(who.Connection, who.Agent).Count > 0;
                    return new ClaimAnswer(files, refusal, store, (long)clock.GetElapsedTime(start).TotalMilliseconds, holds);
                }
            }

            // Whoever gave up does not get the answer.
            who.Cancel.ThrowIfCancellationRequested();
        }
        catch
        {
            GiveBack(taken);
            throw;
        }

        EndReplaced(who, taken);
        return new ClaimAnswer(files, null, null, (long)clock.GetElapsedTime(start).TotalMilliseconds, HoldsOthers: false);
    }

    /// <summary>Ends claims: of these files, or all of the agent. Returns the names of those that were there.</summary>
    public IReadOnlyList<string> Release(IClaimant who, IReadOnlyList<ClaimFile>? files) =>
    [
        .. book.Of(who.Connection, who.Agent).Where(claim => files is null || files.Any(claim.IsOn)).Where(book.End)
            .Select(claim => claim.Name).Distinct(),
    ];

    /// <summary>Attaches a note to claims of the agent. Returns the names of files on which it has none; then nothing is changed.
    /// </summary>
    public IReadOnlyList<string> Note(IClaimant who, IReadOnlyList<ClaimFile> files, string note)
    {
        IReadOnlyList<Claim> own = [.. book.Of(who.Connection, who.Agent).Where(book.Renew)];
        string[] missing = [.. files.Where(file => !own.Any(claim => claim.IsOn(file))).Select(file => file.Name)];
        if (missing.Length > 0)
        {
            return missing;
        }

        // A lease's note is said when it is taken: so another one takes its place, which no one else can get in between.
        foreach (Claim claim in own.Where(claim => files.Any(claim.IsOn) && claim.Note != note))
        {
            AcquireAnswer answer = claim.Leases.Acquire(
                who.Agent, [new WantedResource(ResourceType.File.ToName(), claim.Name, claim.Predicate)], ClaimBook.TtlMs, waitMs: 0, note,
                who.Cancel);
            if (!answer.IsGranted)
            {
                return [claim.Name]; // it was lost just now
            }

            Remember(claim with { LeaseId = answer.LeaseIds[0], Note = note });
            book.End(claim);
        }

        return [];
    }

    /// <summary>The claims of an agent, and those that have ended by themselves since it last heard of that.</summary>
    public (IReadOnlyList<Claim> Claims, IReadOnlyList<Claim> Lost) Own(IClaimant who) =>
        ([.. book.Of(who.Connection, who.Agent).Where(book.Renew)], book.TakeLost(who.Connection, who.Agent));

    private AcquireAnswer? Take(
        IClaimant who, ClaimStore store, List<ClaimFile> files, string predicate, long waitMs, string? note, List<Claim> taken)
    {
        IReadOnlyList<Claim> own = book.Of(who.Connection, who.Agent);
        List<ClaimFile> missing = files.FindAll(file => !own.Any(claim =>
            claim.IsOn(file) && claim.Predicate == predicate && (note is null || claim.Note == note) && book.Renew(claim)));
        if (missing.Count == 0)
        {
            return null;
        }

        if (book.CountOf(who.Connection) + missing.Count > ClaimBook.MostClaims)
        {
            throw new KlockException(
                ErrorCode.InvalidRequest,
                $"files are too many: at most {ClaimBook.MostClaims} may be claimed at a time; klock_release those that are done, or "
                    + "claim a folder and all in it with 'folder/**'.");
        }

        AcquireAnswer answer = who.Ask(
            store, missing.ConvertAll(file => new WantedResource(ResourceType.File.ToName(), file.Name, predicate)), waitMs, note);
        if (!answer.IsGranted)
        {
            return answer;
        }

        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < missing.Count; i++)
        {
            var claim = new Claim(
                who.Connection, who.Agent, store.Id, store.Leases, store.Place?.Where, answer.LeaseIds[i], missing[i].Name, predicate,
                note, now);
            taken.Add(claim);
            Remember(claim);
        }

        return null;
    }

    private void Remember(Claim claim)
    {
        book.Add(claim);
        if (claim.Where is { } place)
        {
            using var memory = AgentMemory.Open(place);
            memory.AddClaim(claim.LeaseId, claim.Agent, claim.SinceMs);
        }
    }

    // Earlier claims of the agent on the same files, for something else or with another note.
    private void EndReplaced(IClaimant who, List<Claim> taken)
    {
        foreach (Claim claim in book.Of(who.Connection, who.Agent))
        {
            if (taken.Any(each => each.LeaseId != claim.LeaseId && each.StoreId == claim.StoreId && each.Name == claim.Name)
                && !taken.Any(each => each.LeaseId == claim.LeaseId))
            {
                book.End(claim);
            }
        }
    }

    private void GiveBack(List<Claim> taken) => taken.ForEach(claim => book.End(claim));
}
