using CsCheck;

namespace Klock.Native.Tests.Equivalence;

/// <summary>One thing that happens in a random history: a moment passes, then a request is sent.</summary>
/// <param name="PassMs">How far the clock moves first; may go back.</param>
/// <param name="Name">Which function, without "klock_".</param>
/// <param name="Json">The request; null is NULL. "$n" in it stands for the n-th lease that was granted, counted from the last.</param>
internal sealed record Step(int PassMs, string Name, string? Json)
{
    private static readonly Gen<string> Agent = OneOf("ann", "bob", "cleo", "d\u00e9s\u00e9", "\\ud83d\\udd11");
    private static readonly Gen<string> Session = OneOf("s1", "s2");
    private static readonly Gen<string> Predicate = OneOf("PROVIDES", "CONSUMES", "mutates", "Deletes", "DEPENDS_ON", "RENAMES", "READS");
    private static readonly Gen<string> Lease = Gen.OneOf(
        Gen.Int[0, 6].Select(back => $"${back}"), OneOf("", "zz", "00000000000000000000000000000000"));

    // The type and the path. They meet each other in every way there is: equal, subtree, symbol in a file, not at all, not allowed.
    private static readonly Gen<string[]> Resource = OneOf(
        "FILE /src/a.c", "FILE /src/b.c", "file /src//./a.c", "FILE /src/**", "FILE src/**", "FILE /src", "FILE **",
        "SYMBOL /src/a.c#main", "SYMBOL /src/a.c#init", "SYMBOL main", "CUSTOM deploy:staging", "CONFIG_KEY port",
        "FILE /../up", "FILE /src/*.c", "FOLDER /src").Select(text => text.Split(' '));

    private static readonly Gen<string> Ttl = Gen.OneOf(
        OneOf("1", "50", "1000", "86400000", "0", "-1", "1.5", "\"9\""), Gen.Int[1, 3000].Select(ms => $"{ms}"));

    private static readonly Gen<string> Extras = OneOf(
        "", "", "", ",\"note\":\"why \\u003c\\n\u00e9\"", ",\"note\":7", ",\"wait_ms\":0", ",\"wait_ms\":3600001",
        ",\"request_id\":\"r1\"", ",\"request_id\":\"r2\"", ",\"unknown\":[1,{\"a\":null}]");

    private static readonly Gen<(string Name, string? Json)> Request = Gen.Frequency(
        (8, Gen.Select(Agent, Session, Resource, Predicate, Ttl, Extras, Acquire)),
        (3, Gen.Select(OneOf("heartbeat", "release", "revoke"), Lease, (name, id) => (name, (string?)$$"""{"lease_id":"{{id}}"}"""))),
        (1, Gen.Select(Agent, OneOf("0", "7", "18446744073709551615", "-1"), Register)),
        (2, Gen.Select(Agent, Session, Gen.Select(Resource, Predicate, Intent).List[0, 4], Declare)),
        (2, Gen.Select(Agent, Session, Gen.Select(Resource, Predicate, Intent).List[0, 4], Ttl, Extras, AcquireAll)),
        (2, Gen.Select(Lease, Predicate, Change)),
        (1, Gen.Select(OneOf("renew_session", "end_session"), Agent, Session, OnSession)),
        (1, Gen.Select(OneOf("0", "1", "1799999999999999", "1800000000000003", "-1"), OneOf("1", "3", "1000", "0"), Events)),
        (1, Gen.Select(Agent, Resource, List)),
        (1, OneOf<(string, string?)>(
            ("list_leases", null), ("list_waiters", null), ("list_agents", null), ("evict_expired", null), ("events", null),
            ("snapshot", null), ("snapshot", """{"limit":1}"""), ("snapshot", """{"agent_id":"ann"}"""), ("list_agents", """{"limit":1}"""),
            ("list_agents", "{"), ("acquire", null), ("acquire", "{"), ("release", "[]"))));

    /// <summary>Any one step.</summary>
    public static Gen<Step> Any { get; } = Gen.Select(
        Gen.OneOf(Gen.Const(0), Gen.Int[0, 5], Gen.Int[0, 2000], Gen.Int[-100, 0]),
        Request,
        (passMs, request) => new Step(passMs, request.Name, request.Json));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static (string, string?) Acquire(string agent, string session, string[] resource, string predicate, string ttl, string extras)
    {
        string who = $"\"agent_id\":\"{agent}\",\"session_id\":\"{session}\"";
        return ("acquire", $$"""{{{who}},{{Named(resource)}},"predicate":"{{predicate}}","ttl":{{ttl}}{{extras}}}""");
    }

    private static (string, string?) Register(string agent, string priority) =>
        ("register_agent", $$"""{"agent_id":"{{agent}}","priority":{{priority}}}""");

    private static (string, string?) Declare(string agent, string session, List<string> intents) =>
        ("declare_intents", $$"""{"agent_id":"{{agent}}","session_id":"{{session}}","intents":[{{string.Join(',', intents)}}]}""");

    private static (string, string?) AcquireAll(string agent, string session, List<string> intents, string ttl, string extras)
    {
        string who = $"\"agent_id\":\"{agent}\",\"session_id\":\"{session}\"";
        return ("acquire_all", $$"""{{{who}},"ttl":{{ttl}},"intents":[{{string.Join(',', intents)}}]{{extras}}}""");
    }

    private static (string, string?) Change(string lease, string predicate) =>
        ("change_lease", $$"""{"lease_id":"{{lease}}","predicate":"{{predicate}}"}""");

    private static (string, string?) OnSession(string name, string agent, string session) =>
        (name, $$"""{"agent_id":"{{agent}}","session_id":"{{session}}"}""");

    private static (string, string?) Events(string after, string limit) => ("events", $$"""{"after":{{after}},"limit":{{limit}}}""");

    private static (string, string?) List(string agent, string[] resource) =>
        ("list_leases", $$"""{"agent_id":"{{agent}}","resource":"{{resource[0]}}:{{resource[1]}}"}""");

    private static string Intent(string[] resource, string predicate) => $$"""{"predicate":"{{predicate}}",{{Named(resource)}}}""";

    private static string Named(string[] resource) => $"\"resource_type\":\"{resource[0]}\",\"resource_path\":\"{resource[1]}\"";
}
