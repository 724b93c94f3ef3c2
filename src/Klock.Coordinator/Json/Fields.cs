using Klock.Coordinator.Protocol;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>Every field a request can have. Names and limits are defined here once.</summary>
internal static class Fields
{
    /// <summary>How many there are.</summary>
    public const int Count = 27;

    private static readonly List<Field> s_all = new(Count);

    public static readonly TextField AgentId = Add(new TextField("agent_id", 1, Limits.IdBytes, isName: true));
    public static readonly TextField SessionId = Add(new TextField("session_id", 1, Limits.IdBytes, isName: true));
    public static readonly TextField ResourcePath = Add(new TextField("resource_path", 1, Limits.PathBytes));
    public static readonly NamespaceField Namespace = Add(new NamespaceField("namespace"));
    public static readonly TextField Note = Add(new TextField("note", 0, Limits.NoteBytes));
    public static readonly TextField RequestId = Add(new TextField("request_id", 1, Limits.RequestIdBytes));
    public static readonly TextField Path = Add(new TextField("path", 1, Limits.PathBytes));
    public static readonly TextField Cwd = Add(new TextField("cwd", 1, Limits.PathBytes));
    public static readonly TextField Root = Add(new TextField("root", 1, Limits.PathBytes));
    public static readonly TextField Storage = Add(new TextField("storage", 1, Limits.PathBytes));

    public static readonly FlagField BindToProcess = Add(new FlagField("bind_to_process"));
    public static readonly LeaseIdField LeaseId = Add(new LeaseIdField("lease_id"));

    // The longest type name and a colon before the path.
    public static readonly TextField Resource = Add(new TextField("resource", 1, Limits.PathBytes + 16));

    public static readonly IntegerField Priority = Add(new IntegerField("priority", 0, ulong.MaxValue, " (lower is older)"));
    public static readonly IntegerField Ttl = Add(new IntegerField("ttl", 1, (ulong)Limits.TtlMs, " (ms)"));
    public static readonly IntegerField WaitMs = Add(new IntegerField("wait_ms", 0, (ulong)Limits.WaitMs, " (ms)"));
    public static readonly IntegerField After =
        Add(new IntegerField("after", 0, long.MaxValue, " (the number of the last one you have)"));

    // Agents have no numbers; so in their list the same field holds text: a priority of up to 20 digits, a colon and the id.
    public static readonly TextField AfterAgent = new("after", 1, 21 + Limits.IdBytes) { Index = After.Index };

    public static readonly IntegerField Limit = Add(new IntegerField("limit", 1, (ulong)Limits.Page, ""));
    public static readonly IntegerField Timestamp = Add(new IntegerField("timestamp", 0, ulong.MaxValue, " (ms since 1970)"));

    public static readonly IntegerField Ticket = Add(new IntegerField("ticket", 1, long.MaxValue, " (as klock_submit gave it)"));
    public static readonly IntegerField TimeoutMs = Add(new IntegerField("timeout_ms", 0, (ulong)Limits.WaitMs, " (ms)"));

    public static readonly NameField<Operation> Request =
        Add(new NameField<Operation>("request", "acquire, acquire_all or change_lease", ToWaitingRequest));
    public static readonly NameField<Predicate> Predicate =
        Add(new NameField<Predicate>("predicate", PredicateNames.Allowed, ToPredicate));
    public static readonly NameField<ResourceType> ResourceType =
        Add(new NameField<ResourceType>("resource_type", ResourceTypeNames.Allowed, ToResourceType));
    public static readonly NameField<bool> Confidence = Add(new NameField<bool>("confidence", "High, Medium or Low", ToConfidence));

    public static readonly NameField<bool> Agents = Add(new NameField<bool>("agents", "all or none", name => name == "all"));

    public static readonly IntentsField Intents = Add(new IntentsField());

    /// <summary>All of them, each at its <see cref="Field.Index"/>.</summary>
    public static IReadOnlyList<Field> All => s_all;

    private static T Add<T>(T field)
        where T : Field
    {
        field.Index = s_all.Count;
        s_all.Add(field);
        return field;
    }

    private static Predicate ToPredicate(string name) =>
        PredicateNames.TryParse(name, out Predicate predicate) ? predicate : throw Unknown(name);

    private static ResourceType ToResourceType(string name) =>
        ResourceTypeNames.TryParse(name, out ResourceType type) ? type : throw Unknown(name);

    private static ArgumentOutOfRangeException Unknown(string name) => new(nameof(name), name, "not one of the names that are allowed");

    // The requests that can wait, and so can be submitted for a ticket.
    private static Operation ToWaitingRequest(string name) =>
        name == "acquire" ? Operation.Acquire : name == "acquire_all" ? Operation.AcquireAll : Operation.ChangeLease;

    // Confidence is part of an intent (KLIS-0) but no verdict depends on it, so only its spelling is checked.
    private static bool ToConfidence(string name) => true;
}
