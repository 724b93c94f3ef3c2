using System.Text.Json.Nodes;
using CsCheck;

namespace Klock.Python.Tests;

/// <summary>One call of a client's method.</summary>
/// <param name="Verb">The method's name in Python.</param>
/// <param name="Json">Its arguments by name. <c>"$n"</c> stands for the n-th lease that was granted, counted from the last.</param>
internal sealed record Asked(string Verb, string Json)
{
    private const long Hour = 3_600_000;

    private static readonly Gen<string> Agent = OneOf(Agents);
    private static readonly Gen<string> Session = OneOf("s1", "s2");
    private static readonly Gen<string> Predicate = OneOf("PROVIDES", "CONSUMES", "mutates", "Deletes", "DEPENDS_ON", "RENAMES", "READS");
    private static readonly Gen<string> Lease = Gen.OneOf(
        Gen.Int[0, 6].Select(back => $"${back}"), OneOf("zz", "00000000000000000000000000000000"));

    // The type and the path. They meet each other in every way there is: equal, subtree, symbol in a file, not at all, not allowed.
    private static readonly Gen<string[]> Resource = OneOf(
        "FILE src/a.c", "FILE src/b.c", "file src//./a.c", "FILE src/**", "FILE src", "FILE **", "SYMBOL src/a.c#main", "SYMBOL main",
        "CUSTOM deploy:staging", "CONFIG_KEY port", "CUSTOM d\u00e9ploy\ud83d\udd11", "FILE ../up", "FILE src/*.c", "FOLDER src")
        .Select(text => text.Split(' '));

    // Long ones: the two sides are asked one after the other, and nothing is to run out between.
    private static readonly Gen<long> Ttl = Gen.OneOf(Gen.Long[Hour, 24 * Hour], OneOf(0L, -1L, (24 * Hour) + 1));

    // Nobody really waits: what a wait leaves in the journal depends on how fast each side happens to be, and would be compared as well.
    private static readonly Gen<JsonObject> Extras = OneOf(
        "{}", "{}", "{}", """{"note":"why <\n\u00e9"}""", """{"wait_ms":0}""", """{"wait_ms":3600001}""", """{"request_id":"r1"}""",
        """{"request_id":"r2"}""", """{"namespace":"github.com/acme/shop"}""", """{"namespace":""}""")
        .Select(text => JsonNode.Parse(text)!.AsObject());

    private static readonly Gen<JsonObject> Who = Gen.Select(
        Agent, Session, (agent, session) => new JsonObject { ["agent_id"] = agent, ["session_id"] = session });

    private static readonly Gen<JsonObject> Intent = Gen.Select(Resource, Predicate, ToIntent);

    private static readonly Gen<JsonArray> Intents = Intent.List[0, 4].Select(intents => new JsonArray([.. intents]));

    /// <summary>The agents that are asked for, each of a priority of its own.</summary>
    public static string[] Agents => ["ann", "bob", "cleo", "d\u00e9s\u00e9"];

    /// <summary>Any one call.</summary>
    public static Gen<Asked> Any { get; } = Gen.Frequency(
        (8, Gen.Select(Who, Intent, Ttl, Extras, (who, intent, ttl, extras) =>
            Of("acquire_lease", who, intent, extras, Field("ttl", ttl)))),
        (2, Gen.Select(Who, Intents, Ttl, Extras, (who, intents, ttl, extras) =>
            Of("acquire_all", who, extras, Field("intents", intents), Field("ttl", ttl)))),
        (2, Gen.Select(Who, Intents, (who, intents) =>
            Of("declare_intent", Field("manifest", Together(who, Field("intents", intents)))))),
        (3, Gen.Select(OneOf("release_lease", "heartbeat_lease", "revoke_lease"), Lease, (verb, lease) =>
            Of(verb, Field("lease_id", lease)))),
        (1, Gen.Select(Lease, Ttl, (lease, ttl) => Of("heartbeat_lease", Field("lease_id", lease), Field("ttl", ttl)))),
        (2, Gen.Select(Lease, Predicate, (lease, predicate) =>
            Of("change_lease", Field("lease_id", lease), Field("predicate", predicate)))),
        (1, Gen.Select(OneOf("renew_session", "end_session"), Who, (verb, who) => Of(verb, who))),
        (1, Gen.Select(Agent, OneOf(0L, 7L, -1L), (agent, priority) =>
            Of("register_agent", Field("agent_id", agent), Field("priority", priority)))),
        (1, Gen.Select(OneOf("list_leases", "list_waiters", "snapshot"), Agent, Resource, (verb, agent, resource) =>
            Of(verb, Field("agent_id", agent), Field("resource", $"{resource[0]}:{resource[1]}")))),
        (1, OneOf("list_leases", "list_waiters", "list_agents", "snapshot", "evict_expired").Select(verb => Of(verb))),
        (1, OneOf(1, 3, 1000, 0).Select(limit => Of("events", Field("limit", limit)))));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static JsonObject ToIntent(string[] resource, string predicate) => new()
    {
        ["resource_type"] = resource[0], ["resource_path"] = resource[1], ["predicate"] = predicate,
    };

    private static JsonObject Field(string name, JsonNode value) => new() { [name] = value.DeepClone() };

    private static Asked Of(string verb, params JsonObject[] fields) => new(verb, Together(fields).ToJsonString());

    private static JsonObject Together(params JsonObject[] fields) =>
        new(fields.SelectMany(some => some).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
}
