using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>Every field a request can have. Names and limits stand here once.</summary>
internal static class Fields
{
    public static readonly TextField AgentId = new("agent_id", 1, Limits.IdBytes, isName: true);
    public static readonly TextField SessionId = new("session_id", 1, Limits.IdBytes, isName: true);
    public static readonly TextField ResourcePath = new("resource_path", 1, Limits.PathBytes);
    public static readonly TextField Note = new("note", 0, Limits.NoteBytes);
    public static readonly TextField RequestId = new("request_id", 1, Limits.RequestIdBytes);
    public static readonly TextField Path = new("path", 1, Limits.PathBytes);
    public static readonly TextField Cwd = new("cwd", 1, Limits.PathBytes);
    public static readonly TextField Storage = new("storage", 1, Limits.PathBytes);

    public static readonly FlagField BindToProcess = new("bind_to_process");
    public static readonly LeaseIdField LeaseId = new("lease_id");

    // The longest type name and a colon before the path.
    public static readonly TextField Resource = new("resource", 1, Limits.PathBytes + 16);

    public static readonly IntegerField Priority = new("priority", 0, ulong.MaxValue, " (lower is older)");
    public static readonly IntegerField Ttl = new("ttl", 1, (ulong)Limits.TtlMs, " (ms)");
    public static readonly IntegerField WaitMs = new("wait_ms", 0, (ulong)Limits.WaitMs, " (ms)");
    public static readonly IntegerField After = new("after", 0, long.MaxValue, " (the number of the last event you have)");
    public static readonly IntegerField Limit = new("limit", 1, (ulong)Limits.Events, "");
    public static readonly IntegerField Timestamp = new("timestamp", 0, ulong.MaxValue, " (ms since 1970)");

    public static readonly IntegerField Ticket = new("ticket", 1, long.MaxValue, " (as klock_submit gave it)");
    public static readonly IntegerField TimeoutMs = new("timeout_ms", 0, (ulong)Limits.WaitMs, " (ms)");

    public static readonly NameField<Operation> Request = new("request", "acquire, acquire_all or change_lease", IsWaitingRequest);
    public static readonly NameField<Predicate> Predicate = new("predicate", PredicateNames.Allowed, PredicateNames.TryParse);
    public static readonly NameField<ResourceType> ResourceType =
        new("resource_type", ResourceTypeNames.Allowed, ResourceTypeNames.TryParse);
    public static readonly NameField<bool> Confidence = new("confidence", "High, Medium or Low", IsConfidence);

    public static readonly IntentsField Intents = new();

    private static bool IsWaitingRequest(ReadOnlySpan<char> text, out Operation operation)
    {
        operation = text.Equals("acquire", StringComparison.OrdinalIgnoreCase) ? Operation.Acquire
            : text.Equals("acquire_all", StringComparison.OrdinalIgnoreCase) ? Operation.AcquireAll
            : Operation.ChangeLease;
        return operation != Operation.ChangeLease || text.Equals("change_lease", StringComparison.OrdinalIgnoreCase);
    }

    // Confidence is part of an intent (KLIS-0) but no verdict depends on it, so only its spelling is checked.
    private static bool IsConfidence(ReadOnlySpan<char> text, out bool known) =>
        known = text.Equals("High", StringComparison.OrdinalIgnoreCase)
            || text.Equals("Medium", StringComparison.OrdinalIgnoreCase)
            || text.Equals("Low", StringComparison.OrdinalIgnoreCase);
}
