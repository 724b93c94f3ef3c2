using Klock.Coordinator;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>
/// Four stores on one file, asked at random, some of them closed and loaded anew in between, answer byte for byte what one
/// memory store answers to the same requests.
/// </summary>
public sealed class ReplicaTests : FileSuite
{
    private static readonly string[] Agents = ["a", "b", "c", "d"];
    private static readonly string[] Sessions = ["1", "2"];
    private static readonly string[] Predicates = ["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"];
    private static readonly string[] Resources =
    [
        "FILE src/a.ts", "FILE src/b.ts", "FILE src/**", "FILE src", "FILE **", "FILE /src/a.ts", "SYMBOL src/a.ts#f", "SYMBOL src/a.ts#g",
        "SYMBOL flat", "CUSTOM x", "DATABASE_TABLE x",
    ];

    private readonly List<string> _leases = ["0123456789abcdef0123456789abcdef"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Many_replicas_answer_as_one_memory_store_does(int seed)
    {
        var random = new Random(seed);
        using LeaseCoordinator memory = Sqlite.LocalStores.Open(OpenOptions.Memory, Clock, new CountingIds());
        var model = new Client(memory);
        LeaseCoordinator[] coordinators = [.. Enumerable.Range(0, 4).Select(_ => OpenCoordinator(options: "?synchronous=normal"))];
        for (int step = 0; step < 600; step++)
        {
            Advance(random.Next(4) == 0 ? random.Next(30) : 0);
            LeaseCoordinator coordinator = coordinators[random.Next(coordinators.Length)];
            if (random.Next(10) == 0)
            {
                coordinator.ReleaseFiles();
            }

            (Operation operation, string request) = Next(random);
            Answer expected = model.Ask(operation, request), answer = new Client(coordinator).Ask(operation, request);
            Assert.True(expected.Text == answer.Text, $"step {step}: {operation} {request}\nmemory: {expected}\nsqlite: {answer}");
            if (operation == Operation.Acquire && answer.Success)
            {
                _leases.Add(answer.LeaseId);
            }
        }
    }

    private (Operation Operation, string Request) Next(Random random) => random.Next(12) switch
    {
        0 => (Operation.RegisterAgent, Request.Of(("agent_id", Pick(random, Agents)), ("priority", random.Next(3))).ToString()),
        1 => (Operation.DeclareIntents, Manifest(random)),
        2 => (Operation.Heartbeat, OneLease(random)),
        3 or 4 => (Operation.Release, OneLease(random)),
        5 => (Operation.Revoke, OneLease(random)),
        6 => (Operation.ListLeases, Filter(random)),
        7 => (Operation.ListAgents, "{}"),
        8 => (Operation.EvictExpired, "{}"),
        _ => (Operation.Acquire, Acquire(random)),
    };

    private static string Acquire(Random random)
    {
        string[] resource = Pick(random, Resources).Split(' ');
        Request request = Request.Of(
            ("agent_id", Pick(random, Agents)), ("session_id", Pick(random, Sessions)), ("resource_type", resource[0]),
            ("resource_path", resource[1]), ("predicate", Pick(random, Predicates)), ("ttl", random.Next(1, 100)));
        request = random.Next(3) == 0 ? request.With("request_id", $"r{random.Next(3)}") : request;
        return (random.Next(2) == 0 ? request.With("note", $"note {random.Next(9)}") : request).ToString();
    }

    private static string Manifest(Random random) => Request.Declare(
        Pick(random, [.. Agents, "stranger"]),
        Pick(random, Sessions),
        [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        {
            string[] resource = Pick(random, Resources).Split(' ');
            return Request.Intent(Pick(random, Predicates), resource[1], resource[0]);
        })]).ToString();

    private static string Filter(Random random) => random.Next(4) switch
    {
        0 => "{}",
        1 => Request.Of(("agent_id", Pick(random, Agents))).ToString(),
        2 => Request.Of(("session_id", Pick(random, Sessions))).ToString(),
        _ => Request.Of(("resource", Pick(random, Resources).Replace(' ', ':'))).ToString(),
    };

    // Mostly one of the last few, which may well be active.
    private string OneLease(Random random) =>
        Request.Of(("lease_id", _leases[Math.Max(0, _leases.Count - 1 - random.Next(random.Next(2) == 0 ? 4 : _leases.Count))])).ToString();

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
