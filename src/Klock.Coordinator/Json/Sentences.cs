using System.Globalization;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;

namespace Klock.Coordinator.Json;

/// <summary>Refusals in words that a person and a model understand.</summary>
internal static class Sentences
{
    /// <summary>Who is in the way, since when and until when, why, and what to do. Never a lease id.</summary>
    public static string Refusal(ConflictSet conflicts, long nowMs)
    {
        var lease = (Lease)conflicts.Oldest[0];
        string others = conflicts.Total switch
        {
            1 => "",
            2 => ", and one more is in the way",
            int total => $", and {total - 1} more are in the way",
        };
        string note = string.IsNullOrEmpty(lease.Note) ? "" : $" (\"{lease.Note}\")";
        string advice = conflicts.Verdict == Verdict.Wait
            ? "you are older than every holder in the way: wait and ask again"
            : "you are younger than a holder in the way: release what you hold, read again and start over";
        return $"{Held(lease, nowMs)}{note}{others}; {advice}.";
    }

    /// <summary>One lease in somebody's way, in a declared manifest's list.</summary>
    public static string Held(Lease lease, long nowMs) =>
        $"{lease.Resource} is held by {lease.Session.Agent.Id} (session {lease.Session.Id}) for {lease.Predicate.ToName()}"
        + $" since {Duration(nowMs - lease.AcquiredAtMs)}, for at most {Duration(lease.ExpiresAtMs - nowMs)} more";

    private static string Duration(long ms) => ms switch
    {
        < 1_000 => $"{ms} ms",
        < 120_000 => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.#} s"),
        < 7_200_000 => $"{ms / 60_000} min",
        _ => $"{ms / 3_600_000} h",
    };
}
