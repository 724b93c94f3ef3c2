using System.Globalization;
using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Agents.Policy;
using Klock.Agents.Processes;

namespace Klock.Agents.Commits;

/// <summary>
/// The lease on git's index and HEAD while a commit runs. It ends after the commit, and with git's own process whatever becomes of it.
/// </summary>
/// <param name="place">The store.</param>
/// <param name="git">The process of git; of number 0 when it is not known.</param>
internal sealed class IndexLease(Place place, ClientProcess git)
{
    private const long BoundMs = 10 * 60 * 1000;

    // Of a lease that ends with no process, as on a server: a commit that fails after this hook tells nobody.
    private const long UnboundMs = 60 * 1000;

    // Who holds it in the memory of hooks: beside the agent's own leases, which its shell command uses and its client's hooks end.
    private readonly string _holder = string.Create(CultureInfo.InvariantCulture, $"git:{git.Id}@{git.StartedAt}");

    /// <summary>Asks for it; ends idle leases that are in the way.</summary>
    /// <param name="committer">The agent that commits.</param>
    /// <param name="top">The top of the work tree.</param>
    /// <param name="isBound">Whether leases of the store end with git's process.</param>
    /// <param name="waitMs">How long to wait at the most, in ms; 0 not to.</param>
    /// <param name="nowMs">The time, in ms since 1970.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <returns>The refusal; null when it was granted, or an agent of the same session has it.</returns>
    public AcquireAnswer? Take(Committer committer, string top, bool isBound, long waitMs, long nowMs, CancellationToken cancel)
    {
        string agent = committer.Agent!;
        long ttlMs = isBound && git.Id != 0 ? BoundMs : UnboundMs;
        AcquireAnswer Ask(long ms) => place.Leases.Acquire(agent, [WishList.Index], ttlMs, ms, note: null, cancel);
        AcquireAnswer answer = Ask(0);
        if (!answer.IsGranted)
        {
            // Who holds nothing is parked, not refused with DIE.
            foreach (HookLease own in place.Memory.LeasesOf(agent))
            {
                EditWindow.TryEndIdle(place, agent, own.Resource);
            }

            answer = LeaseTaker.AskUntilNoneIsIdle(place, () => Ask(0));
        }

        if (!answer.IsGranted && answer.Obstacles.All(obstacle => committer.Is(obstacle.AgentId)))
        {
            return null;
        }

        answer = answer.IsGranted || waitMs == 0 ? answer : Ask(waitMs);
        if (answer.IsGranted)
        {
            place.Memory.AddLease(new HookLease(
                answer.LeaseIds[0], _holder, WishList.Index.Resource, top, WishList.Index.Predicate, "commit", nowMs, Before: null,
                IsWhole: false));
        }

        return answer.IsGranted ? null : answer;
    }

    /// <summary>Ends it, if this git has it.</summary>
    public void End()
    {
        foreach (HookLease lease in place.Memory.LeasesOf(_holder))
        {
            place.Leases.Release(lease.LeaseId);
            place.Memory.RemoveLease(lease.LeaseId);
        }
    }
}
