namespace Klock.Native.Tests.Support;

/// <summary>The functions that take a request, and a request of each that is well-formed.</summary>
internal static class Requests
{
    /// <summary>Those that cannot do without a request.</summary>
    public static IReadOnlyList<string> NeedingJson { get; } =
        ["register_agent", "acquire", "declare_intents", "heartbeat", "release", "revoke", "acquire_all", "change_lease", "renew_session",
         "end_session", "submit", "cancel"];

    /// <summary>Their names without "klock_".</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. NeedingJson, "list_leases", "list_waiters", "list_agents", "snapshot", "events", "evict_expired", "collect"];

    /// <summary>Those that read what they are sent.</summary>
    public static IReadOnlyList<string> ReadingJson { get; } =
        [.. NeedingJson, "list_leases", "list_waiters", "list_agents", "snapshot", "events", "collect"];
}
