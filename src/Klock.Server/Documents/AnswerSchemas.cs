using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Waits;
using Microsoft.OpenApi;

namespace Klock.Server.Documents;

/// <summary>What answers look like (SPEC section 3). A test validates the server's answers against these.</summary>
internal static class AnswerSchemas
{
    private static readonly (string, IOpenApiSchema)[] Claim =
    [
        ("agent_id", Shape.Text("Whose it is.")),
        ("session_id", Shape.Text("In which of its sessions.")),
        ("resource", Shape.Text("TYPE:path, the path normalised.")),
        ("namespace", Shape.Text("In which namespace it is. Only where it is in one.")),
        ("predicate", Shape.OneOf("What it is held for.", Enum.GetValues<Predicate>().Select(predicate => predicate.ToName()))),
    ];

    private static readonly (string, IOpenApiSchema)[] Times =
    [
        ("acquired_at", Shape.Number("When it was granted, in ms since 1970.")),
        ("ttl", Shape.Number("How long it lasts after its grant or last heartbeat, in ms.")),
        ("expires_at", Shape.Number("When it runs out unless renewed, in ms since 1970, by the store's clock.")),
    ];

    private static readonly (string, IOpenApiSchema) Token = ("fencing_token", Shape.Number(
        "Higher than that of every earlier grant. Whoever guards the resource can refuse a writer with a lower one."));

    private static readonly (string, IOpenApiSchema) Senior = (
        "senior",
        Shape.Always(true, "Only where its session is senior: older than all that are not, since others went before it while it waited."));

    private static readonly (string, IOpenApiSchema) Id = ("id", Shape.Text("Names the lease; who knows it can release it."));

    private static readonly (string, IOpenApiSchema) SnapshotId =
        ("id", Shape.Text("Names the lease; who knows it can release it. Not for a read-only key."));

    private static readonly (string, IOpenApiSchema) Warning = ("warning", Shape.Text(
        "What looks like a mistake: another live process holds the same in this session. Over HTTP there is none so far."));

    /// <summary>The schemas that others refer to, by name.</summary>
    public static Dictionary<string, IOpenApiSchema> Shared() => new()
    {
        ["Grant"] = Shape.ObjectWithOptional(
            "A lease, as its holder gets it.",
            [("lease_id", Shape.Text("Names the lease; who knows it can release it.")), .. Claim, .. Times, Token, Warning],
            "namespace", "warning"),
        ["Lease"] = LeaseOf("An active lease, as lists show it.", Id, "namespace", "senior"),
        ["SnapshotLease"] = LeaseOf("An active lease, as a snapshot shows it.", SnapshotId, "id", "namespace", "senior"),
        ["Conflict"] = Shape.ObjectWithOptional(
            "Somebody in the way. Never with the lease's id, which is the right to release it.",
            [
                .. Claim, Senior,
                ("state", Shape.OneOf("Whether it holds a lease or waits for one.", "held", "waiting")),
                ("expires_at", Shape.Number("When the lease runs out or the wait ends, in ms since 1970.")),
                ("note", Shape.TextOrNull("Why, if it said so.")),
            ],
            "namespace", "senior"),
        ["Waiter"] = Shape.ObjectWithOptional(
            "One resource that a request waits for.",
            [
                .. Claim, Senior,
                ("state", Shape.OneOf("Whether it is in the queue, or parked, where it blocks nobody.", "queued", "parked")),
                ("wait_until", Shape.Number("When its time is up, in ms since 1970.")),
                ("note", Shape.TextOrNull("Why, if it said so.")),
            ],
            "namespace", "senior"),
        ["Agent"] = Shape.Object(
            "An agent that is remembered.",
            ("agent_id", Shape.Text("Its name.")), ("priority", Number64("Its seniority: the lower, the older."))),
        ["Event"] = Event(),
        ["Error"] = Shape.Object(
            "Why a request could not be carried out. Nothing was changed.",
            ("success", Shape.Always(false)),
            ("code", Shape.OneOf("For a program.", ErrorCodes.All.Select(info => info.Name))),
            ("error", Shape.Text("For a person: which field, what was wrong, what is allowed."))),
    };

    /// <summary>A refusal.</summary>
    public static IOpenApiSchema Refusal(OpenApiDocument document) => Shape.Object(
        "The request conflicts with others. " + string.Join(' ', RefusalReasons.All.Select(info => $"{info.Name}: {info.Meaning}")),
        ("success", Shape.Always(false)), ("reason", Shape.OneOf("Why.", RefusalReasons.All.Select(info => info.Name))),
        ("wait_time", Shape.Number("When it may make sense to ask again, in ms, at most 1,000.")),
        ("message", Shape.Text("For a person or a model: who is in the way, until when, and what to do.")),
        ("conflicts", Shape.ListOf(Ref("Conflict", document), "Who is in the way, at most 16, the oldest first.")),
        ("conflicts_total", Shape.Number("How many are.")));

    /// <summary>The answer of an operation that was carried out.</summary>
    public static IOpenApiSchema Of(Operation operation, OpenApiDocument document) => operation switch
    {
        Operation.Health => Shape.Data(Shape.ObjectWithOptional(
            "The store works.",
            [
                ("status", Shape.OneOf("Always.", "ok")), ("active_leases", Shape.Number("How many leases are active.")),
                ("waiters", Shape.Number("How many requests wait.")), ("agents", Shape.Number("How many agents are remembered.")),
                ("sequence", Shape.Number("The number of the last event.")), ("version", Shape.Text("Which Klock this is.")),
                ("store_bytes", Shape.Number("Only of a store in etcd: how large its database is, of all that use the cluster.")),
                ("store_quota_bytes", Shape.Number("Only of a store in etcd that tells it: how large that may get.")),
                ("namespace_by", Shape.OneOf("Only where a request for a resource must say its repository's namespace.", "repository")),
            ],
            "store_bytes", "store_quota_bytes", "namespace_by")),
        Operation.RegisterAgent => Shape.Data(Ref("Agent", document)),
        Operation.ListAgents => Shape.Page(Ref("Agent", document), "The oldest first.", Shape.Text),
        Operation.Acquire or Operation.ChangeLease => Shape.Data(Ref("Grant", document)),
        Operation.AcquireAll => Shape.Data(Shape.Object(
            "All of them.", ("leases", Shape.ListOf(Ref("Grant", document), "In the order of the intents.")))),
        Operation.ListLeases => Shape.Page(Ref("Lease", document), "In the order they were granted."),
        Operation.ListWaiters => Shape.Page(Ref("Waiter", document), "The queue first, each part in its order."),
        Operation.Snapshot => Shape.Data(Snapshot(document)),
        Operation.GetLease => Shape.Data(Ref("Lease", document)),
        Operation.Heartbeat => Shape.Data(Done("renewed", Times[2])),
        Operation.Release => Shape.Data(Done("released")),
        Operation.Revoke => Shape.Data(Done("revoked")),
        Operation.EvictExpired => Shape.Data(Shape.Object("Done.", ("evicted", Shape.Number("How many leases had run out.")))),
        Operation.RenewSession => Shape.Data(Shape.Object("Done.", ("renewed", Shape.Number("How many leases.")))),
        Operation.EndSession => Shape.Data(Shape.Object("Done.", ("released", Shape.Number("How many leases.")))),
        Operation.Events => Shape.Data(Shape.ListOf(Ref("Event", document), "In order.")),
        Operation.DeclareIntents => Declared(),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "no route answers with it"),
    };

    /// <summary>Refers to a shared schema.</summary>
    public static OpenApiSchemaReference Ref(string name, OpenApiDocument document) => new(name, document);

    private static OpenApiSchema LeaseOf(string meaning, (string, IOpenApiSchema) id, params string[] optional) =>
        Shape.ObjectWithOptional(
            meaning,
            [
                id, .. Claim, Senior, ("state", Shape.OneOf("Always.", "Active")), .. Times,
                ("last_heartbeat", Shape.Number("When it was last renewed, in ms since 1970.")), Token,
                ("note", Shape.TextOrNull("Why, if its holder said so.")),
            ],
            optional);

    private static OpenApiSchema Snapshot(OpenApiDocument document) => Shape.Object(
        "What is there at one event.",
        ("sequence", Shape.Number("The number of the event: GET /events?after= it goes on exactly there.")),
        ("time", Shape.Text("The store's time, as 2026-01-31T12:00:00.000Z.")),
        ("leases", Shape.ListOf(Ref("SnapshotLease", document), "In the order they were granted.")),
        ("waiters", Shape.ListOf(Ref("Waiter", document), "The queue first, each part in its order.")),
        ("agents", Shape.ListOf(Ref("Agent", document), "The oldest first.")),
        ("next", Shape.ObjectWithOptional(
            "Of each list that has more, after of the next page of GET /leases, /waiters or /agents.",
            [
                ("leases", Shape.Number("More leases.")), ("waiters", Shape.Number("More waiters.")),
                ("agents", Shape.Text("More agents.")),
            ],
            "leases", "waiters", "agents")));

    private static OpenApiSchema Number64(string meaning) =>
        new() { Type = JsonSchemaType.Integer, Minimum = "0", Maximum = $"{ulong.MaxValue}", Description = meaning };

    private static OpenApiSchema Done(string what, params (string, IOpenApiSchema)[] more) =>
        Shape.Object("Done.", [(what, Shape.Always(true)), ("lease_id", Shape.Text("Which lease.")), .. more]);

    private static OpenApiSchema Declared() => Shape.Object(
        "What would happen.",
        ("success", new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "Whether all of it would be granted." }),
        ("agent_id", Shape.Text("Who asked.")), ("session_id", Shape.Text("In which session.")),
        ("status", Shape.OneOf("The worst verdict of all its intents.", "Granted", "Wait", "Die")),
        ("reason", Shape.TextOrNull("For a person or a model; null when granted.")),
        ("held_by", Shape.TextOrNull("The oldest agent in the way; null when granted.")),
        ("conflicts", Shape.ListOf(Shape.Text("One in the way, as a sentence."), "At most 16, the oldest first.")),
        ("retry_after_ms", new OpenApiSchema
        {
            Type = JsonSchemaType.Integer | JsonSchemaType.Null, Description = "When to ask again, in ms; null when granted.",
        }));

    private static OpenApiSchema Event() => Shape.ObjectWith(
        "Something that happened; which of the other fields it has depends on its kind. Never a lease's id.",
        [
            ("seq", Shape.Number("Its number: higher than that of the event before it.")),
            ("kind", Shape.OneOf(
                "What happened. GAP stands for events that are no longer kept.",
                [.. Enum.GetValues<EventKind>().Select(kind => kind.ToName()), EventNames.Gap])),
            ("at", Shape.Number("When, in ms since 1970.")),
            .. Claim,
            Senior,
            ("priority", Number64("REGISTERED: the agent's.")),
            Token,
            ("expires_at", Shape.Number("When the lease runs out, in ms since 1970.")),
            ("note", Shape.TextOrNull("Why, if the agent said so.")),
            ("wait_until", Shape.Number("When the wait ends at the latest, in ms since 1970.")),
            ("intents", Shape.Number("How many leases are waited for; resource and predicate are the first one's.")),
            ("reason", Shape.OneOf("REFUSED: why.", "WAIT", "DIE")),
            ("outcome", Shape.OneOf("WAIT_ENDED: how.", Enum.GetValues<WaitOutcome>().Select(outcome => outcome.ToName()))),
            ("first_missing", Shape.Number("GAP: the number of the first that is missing.")),
        ],
        ["seq", "kind"]);
}
