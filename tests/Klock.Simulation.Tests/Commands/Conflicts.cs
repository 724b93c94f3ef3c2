using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Simulation.Tests.Bookkeeping;
using static Klock.Simulation.Tests.Violation;

namespace Klock.Simulation.Tests.Commands;

/// <summary>Compares the answer to a refused request with the rule, which has just judged it.</summary>
internal static class Conflicts
{
    private const int ListedAtMost = 16;
    private const long LongestPauseMs = 1000;

    public static void Check(ConflictSet told, long nowMs, Verdict verdict, Rule rule, Book book)
    {
        UnlessSame(verdict, told.Verdict, "verdict");
        UnlessSame(rule.InTheWay.Count, told.Total, "claims in the way");
        if (verdict == Verdict.Grant)
        {
            return;
        }

        List<Obstacle> oldestFirst = [.. rule.InTheWay];
        oldestFirst.Sort((a, b) => a.Session.CompareTo(b.Session, book.NowMs));
        int listed = Math.Min(ListedAtMost, oldestFirst.Count);
        UnlessSame(listed, told.Oldest.Count, "claims listed");
        HashSet<(string, string, string, bool)> inTheWay = [.. rule.InTheWay.Select(Text)];
        for (int i = 0; i < listed; i++)
        {
            Claim claim = told.Oldest[i];
            UnlessSame(oldestFirst[i].Session.ToString(), SessionOf(claim), "session listed in its turn");
            Unless(inTheWay.Contains(Text(claim)), $"listed and not in the way: {Text(claim)}");
            Unless(told.Oldest.Count(other => other == claim) == 1, "a claim is listed twice");
        }

        long firstEndMs = rule.InTheWay.Select(obstacle => obstacle.Lease?.ExpiresAtMs ?? long.MaxValue).Min();
        UnlessSame(Math.Min(LongestPauseMs, firstEndMs - book.NowMs), told.PauseMs(nowMs), "pause");
    }

    private static (string Session, string Place, string Predicate, bool IsWaiting) Text(Obstacle obstacle) =>
        (obstacle.Session.ToString(), obstacle.Want.Place.Text, obstacle.Want.Predicate.ToString(), obstacle.Wait is not null);

    private static (string Session, string Place, string Predicate, bool IsWaiting) Text(Claim claim) =>
        (SessionOf(claim), Place.TextOf(claim.Resource), claim.Predicate.ToString(), claim is WaitClaim);

    private static string SessionOf(Claim claim) => $"{claim.Session.Agent.Id}/{claim.Session.Id}";
}
