using System.Globalization;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;

namespace Klock.Coordinator.Json;

/// <summary>Refusals in words that a person and a model understand.</summary>
internal static class Sentences
{
    /// <summary>Who is in the way, since when and until when, why, and what to do. Never a lease id.</summary>
    public static string Refusal(RefusalReason reason, ConflictSet conflicts, long nowMs)
    {
        if (conflicts.Total == 0)
        {
            return reason == RefusalReason.Die
                ? "This session got something else while it waited, and nothing of others is in the way any more: ask again."
                : "The time to wait was up just as nothing was in the way any more: ask again.";
        }

        string others = conflicts.Total switch
        {
            1 => "",
            2 => ", and one more is in the way",
            int total => $", and {total - 1} more are in the way",
        };
        string advice = reason switch
        {
            RefusalReason.Wait => "you are older than all in the way: wait with wait_ms, or ask again",
            RefusalReason.WaitTimeout =>
                "your time to wait is up and you are off the queue: ask again with a longer wait_ms, or do something else first",
            _ when conflicts.Oldest[0].Session.IsSenior =>
                "a session in the way is senior, since others went before it while it waited: release what you hold, read again and start "
                + "over",
            _ => "you are younger than one in the way: release what you hold, read again and start over",
        };
        return $"{InTheWay(conflicts.Oldest[0], nowMs)}{others}; {advice}.";
    }

    /// <summary>The warning that a lease was granted only because another process, which has it too, uses the same session.</summary>
    public static string SharedSession(Lease lease) =>
        $"{lease.Resource} is held by another live process too, in the same session, {lease.Session.Id} of agent {lease.Session.Agent.Id}: "
        + "give each process a session of its own, unless they share one on purpose.";

    /// <summary>One claim in somebody's way.</summary>
    public static string InTheWay(Claim claim, long nowMs)
    {
        (string doing, string time, string? note) = claim switch
        {
            Lease lease => (
                "is held by",
                $"since {Duration(nowMs - lease.AcquiredAtMs)}, for at most {Duration(lease.ExpiresAtMs - nowMs)} more",
                lease.Note),
            WaitClaim waiting => (
                "is waited for by",
                $"for at most {Duration(waiting.Waiter.DeadlineMs - nowMs)} more",
                waiting.Waiter.Note),
            _ => throw new ArgumentOutOfRangeException(nameof(claim), claim, "neither held nor waiting"),
        };
        string why = string.IsNullOrEmpty(note) ? "" : $" (\"{note}\")";
        string who = $"{claim.Session.Agent.Id} ({(claim.Session.IsSenior ? "senior " : "")}session {claim.Session.Id})";
        string what = claim.Resource.Namespace is { } name ? $"{claim.Resource} in namespace {name}" : claim.Resource.ToString();
        return $"{what} {doing} {who} for {claim.Predicate.ToName()} {time}{why}";
    }

    // An overdue lease that is swept next has no time left, rather than a negative one.
    private static string Duration(long ms) => ms switch
    {
        < 0 => "0 ms",
        < 1_000 => $"{ms} ms",
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.#} s"),
        < 7_200_000 => $"{ms / 60_000} min",
        _ => $"{ms / 3_600_000} h",
    };
}
