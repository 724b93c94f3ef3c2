using Klock.Agents.Leases;
using Klock.Agents.Policy;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Claims;

/// <summary>An agent on this machine, the same one that its client's hooks know.</summary>
/// <param name="caller">The agent, and its stores.</param>
internal sealed class HookedClaimant(Caller caller) : IClaimant
{
    private const string Subtree = "/**";

    public string Agent => caller.Agent;

    // A client has a server of its own, which ends with it.
    public string Connection => "";

    public CancellationToken Cancel => caller.Cancel;

    public ClaimFile Find(string path)
    {
        bool isTree = path == "**" || path.EndsWith(Subtree, StringComparison.Ordinal);
        string named = path == "**" ? "." : isTree ? path[..^Subtree.Length] : path;
        Target target = caller.Places.Find(named.Length == 0 ? "/" : named, caller.Happened, isTree);
        return isTree || !Directory.Exists(target.Path)
            ? new ClaimFile(target.Name, StoreOf(target.Place))
            : throw new KlockException(
                ErrorCode.InvalidRequest, $"'{path}' is a folder: to mean it and all in it, say '{path.TrimEnd('/')}{Subtree}'.");
    }

    public IReadOnlyList<ClaimStore> Stores() => [.. caller.Places.All(caller.Happened).Select(StoreOf)];

    public AcquireAnswer Ask(ClaimStore store, IReadOnlyList<WantedResource> wanted, long waitMs, string? note)
    {
        Place place = store.Place!;
        Roster.See(caller, place);
        AcquireAnswer AskFor(long ms) => store.Leases.Acquire(Agent, wanted, ClaimBook.TtlMs, ms, note, Cancel);
        AcquireAnswer answer = AskFor(0);
        if (!answer.IsGranted)
        {
            // As a hook does: whoever is idle need not be waited for, and who holds nothing may wait for anybody.
            EditWindow.EndOwnIdle(caller, place);
            answer = LeaseTaker.AskUntilNoneIsIdle(place, () => AskFor(0));
        }

        return answer.IsGranted || waitMs == 0 ? answer : Notices.WhileWaiting(
            caller, place, answer.Obstacles, [.. wanted.Select(each => each.Path)], () => AskFor(waitMs));
    }

    private static ClaimStore StoreOf(Place place) => new(place.Where.Folder, place.Leases, place);
}
