using Klock.Kernel.Tests.Sequences;

namespace Klock.Kernel.Tests.Model;

/// <content>SPEC KLIS-3, KLIS-5 and KLIS-7: the conflict check and Wait-Die over every holder.</content>
internal sealed partial class ModelStore
{
    public Answer Declare(string agent, string session, IReadOnlyList<(string Predicate, string Type, string Path)> intents, long nowMs)
    {
        List<(string, ModelResource)> parsed = [];
        foreach ((string predicate, string type, string path) in intents)
        {
            if (ModelResource.Parse(type, path) is not { } resource)
            {
                return Answer.RefusedPath;
            }

            parsed.Add((predicate, resource));
        }

        Begin(nowMs);
        return Judge(agent, session, parsed);
    }

    private Answer Judge(string agent, string session, IReadOnlyList<(string Predicate, ModelResource Resource)> intents)
    {
        ModelSeniority requester = SeniorityOf(agent, session);
        ModelLease[] inTheWay =
        [
            .. Held
                .Where(lease => !lease.IsOf(agent, session) && intents.Any(intent => IsInTheWay(lease, intent)))
                .OrderBy(SeniorityOf, ModelSeniority.OldestFirst)
                .ThenBy(lease => lease.Token),
        ];
        if (inTheWay.Length == 0)
        {
            return Answer.Free;
        }

        bool olderThanAll = inTheWay.All(lease => requester.IsOlderThan(SeniorityOf(lease)));
        long pauseMs = Math.Min(1000, inTheWay.Min(lease => lease.ExpiresAtMs) - _nowMs);
        return Answer.Refused(olderThanAll ? "WAIT" : "DIE", inTheWay.Length, pauseMs, inTheWay.Take(16).Select(lease => lease.View()));
    }

    private static bool IsInTheWay(ModelLease lease, (string Predicate, ModelResource Resource) intent) =>
        ModelPredicates.Conflict(lease.Ask.Predicate, intent.Predicate) && lease.Resource.Meets(intent.Resource);
}
