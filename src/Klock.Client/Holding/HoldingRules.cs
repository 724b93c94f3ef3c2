namespace Klock.Client.Holding;

/// <summary>The numbers of "Holding a lease" in docs/architecture.md, which gives the reason of each. All languages have the same.
/// </summary>
internal static class HoldingRules
{
    public const int RenewalsATtl = 3;
    public const int MarginsATtl = 20;
    public const int PatiencesLeft = 2;
    public const int ShortestPatienceMs = 250;
    public const int RetriesATtl = 20;
    public const int ShortestRetryMs = 10;
    public const int LongestRetryMs = 500;
    public const int LookEveryMs = 500;
    public const int TakeUpsATtl = 2;
    public const int ReleasePatienceMs = 3_000;

    /// <summary>How often to check whether the leases are there.</summary>
    public static TimeSpan LookEvery => TimeSpan.FromMilliseconds(LookEveryMs);

    /// <summary>For how long a release is tried.</summary>
    public static TimeSpan ReleasePatience => TimeSpan.FromMilliseconds(ReleasePatienceMs);

    /// <summary>After how much of its ttl a lease is renewed.</summary>
    public static TimeSpan Renewal(TimeSpan ttl) => ttl / RenewalsATtl;

    /// <summary>After how much of its ttl a lease counts as lost.</summary>
    public static TimeSpan Sure(TimeSpan ttl) => ttl - (ttl / MarginsATtl);

    /// <summary>After how long a failed request is sent again.</summary>
    public static TimeSpan Retry(TimeSpan ttl) =>
        TimeSpan.FromMilliseconds(Math.Clamp(ttl.TotalMilliseconds / RetriesATtl, ShortestRetryMs, LongestRetryMs));

    /// <summary>For how long the first renewal of a grant that came late is tried.</summary>
    public static TimeSpan TakeUp(TimeSpan ttl) => ttl / TakeUpsATtl;

    /// <summary>How long to wait for the answer to a renewal when so much time is left.</summary>
    public static TimeSpan Patience(TimeSpan left) => AtLeastShortest(left / PatiencesLeft);

    /// <summary>So much time for an answer, but not less than an answer needs.</summary>
    public static TimeSpan AtLeastShortest(TimeSpan patience) =>
        TimeSpan.FromMilliseconds(Math.Max(patience.TotalMilliseconds, ShortestPatienceMs));
}
