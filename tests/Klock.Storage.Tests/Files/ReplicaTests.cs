using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>
/// Four stores on one file, asked at random, some of them closed and loaded anew in between, answer what one memory store answers
/// to the same requests, those that wait included. Tokens apart: a refusal takes its number later on a file.
/// </summary>
public sealed class ReplicaTests : FileSuite
{
    private const int LongestWaitMs = 200;

    private static readonly string[] Agents = ["a", "b", "c", "d"];
    private static readonly string[] Sessions = ["1", "2"];
    private static readonly string[] Predicates = ["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"];
    private static readonly string[] Resources =
    [
        "FILE src/a.ts", "FILE src/b.ts", "FILE src/**", "FILE src", "FILE **", "FILE /src/a.ts", "SYMBOL src/a.ts#f", "SYMBOL src/a.ts#g",
        "SYMBOL flat", "CUSTOM x", "DATABASE_TABLE x",
    ];

    private readonly List<string> _leases = ["0123456789abcdef0123456789abcdef"];
    private readonly List<Twins> _waits = [];
    private int _opened;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Many_replicas_answer_as_one_memory_store_does(int seed)
    {
        var random = new Random(seed);
        using LeaseCoordinator model = LocalStores.Open(OpenOptions.Memory, Clock, new IdsAfterOwner(0, new CountingIds()));
        LeaseCoordinator[] replicas = [.. Enumerable.Range(0, 4).Select(_ => OpenReplica())];
        for (int step = 0; step < 600; step++)
        {
            Advance(random.Next(4) == 0 ? random.Next(30) : 0);
            int which = random.Next(replicas.Length);
            if (random.Next(10) == 0 && !_waits.Exists(wait => wait.Replica.Coordinator == replicas[which]))
            {
                replicas[which].Dispose();
                replicas[which] = OpenReplica();
            }

            (Operation operation, string request) = Next(random);
            var twins = new Twins(new Call(model, operation, request), new Call(replicas[which], operation, request));
            _waits.Add(twins);
            LookAtAll($"step {step}: {operation} {request}");
        }

        Advance(LongestWaitMs);
        LookAtAll("the end");
        Assert.Empty(_waits);
    }

    private LeaseCoordinator OpenReplica() => OpenCoordinator(options: "?synchronous=normal", ids: new IdsAfterOwner(++_opened, Ids));

    // Twice, since whoever keeps time may come last in the list.
    private void LookAtAll(string step)
    {
        for (int round = 0; round < 2; round++)
        {
            _waits.ForEach(wait => wait.Look());
        }

        foreach (Twins wait in _waits)
        {
            bool alike = wait.Model.Answer == wait.Replica.Answer;
            Assert.True(alike, $"{step}\n{wait}\nmemory: {wait.Model.Answer}\nsqlite: {wait.Replica.Answer}");
            _leases.AddRange(wait.Model.Granted());
        }

        _waits.RemoveAll(wait => wait.Model.Answer is not null);
    }

    private (Operation Operation, string Request) Next(Random random) => random.Next(18) switch
    {
        0 => (Operation.RegisterAgent, Request.Of(("agent_id", Pick(random, Agents)), ("priority", random.Next(3))).ToString()),
        1 => (Operation.DeclareIntents, Manifest(random)),
        2 => (Operation.Heartbeat, OneLease(random)),
        3 or 4 => (Operation.Release, OneLease(random)),
        5 => (Operation.Revoke, OneLease(random)),
        6 => (Operation.ListLeases, Filter(random)),
        7 => (Operation.ListAgents, "{}"),
        8 => (Operation.EvictExpired, "{}"),
        9 => (Operation.RenewSession, OneSession(random)),
        10 => (Operation.EndSession, OneSession(random)),
        11 or 12 => (Operation.ChangeLease, Change(random)),
        13 => (Operation.AcquireAll, AcquireAll(random)),
        _ => (Operation.Acquire, Acquire(random)),
    };

    private static string Acquire(Random random)
    {
        string[] resource = Pick(random, Resources).Split(' ');
        Request request = Request.Of(
            ("agent_id", Pick(random, Agents)), ("session_id", Pick(random, Sessions)), ("resource_type", resource[0]),
            ("resource_path", resource[1]), ("predicate", Pick(random, Predicates)), ("ttl", random.Next(1, 100)));
        request = random.Next(3) == 0 ? request.With("request_id", $"r{random.Next(3)}") : request;
        return WithWait(random, random.Next(2) == 0 ? request.With("note", $"note {random.Next(9)}") : request);
    }

    private static string AcquireAll(Random random) =>
        WithWait(random, ManifestOf(random, Pick(random, Agents)).With("ttl", random.Next(1, 100)));

    private static string WithWait(Random random, Request request) =>
        (random.Next(2) == 0 ? request.With("wait_ms", random.Next(LongestWaitMs)) : request).ToString();

    private string Change(Random random) =>
        WithWait(random, Request.Of(("lease_id", OneLeaseId(random)), ("predicate", Pick(random, Predicates))));

    private static string OneSession(Random random) =>
        Request.Of(("agent_id", Pick(random, Agents)), ("session_id", Pick(random, Sessions))).ToString();

    private static string Manifest(Random random) => ManifestOf(random, Pick(random, [.. Agents, "stranger"])).ToString();

    private static Request ManifestOf(Random random, string agent) => Request.Declare(
        agent,
        Pick(random, Sessions),
        [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        {
            string[] resource = Pick(random, Resources).Split(' ');
            return Request.Intent(Pick(random, Predicates), resource[1], resource[0]);
        })]);

    private static string Filter(Random random) => random.Next(4) switch
    {
        0 => "{}",
        1 => Request.Of(("agent_id", Pick(random, Agents))).ToString(),
        2 => Request.Of(("session_id", Pick(random, Sessions))).ToString(),
        _ => Request.Of(("resource", Pick(random, Resources).Replace(' ', ':'))).ToString(),
    };

    // Mostly one of the last few, which may well be active.
    private string OneLeaseId(Random random) =>
        _leases[Math.Max(0, _leases.Count - 1 - random.Next(random.Next(2) == 0 ? 4 : _leases.Count))];

    private string OneLease(Random random) => Request.Of(("lease_id", OneLeaseId(random))).ToString();

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    /// <summary>One request, asked of the memory store and of one replica.</summary>
    private sealed record Twins(Call Model, Call Replica)
    {
        public void Look()
        {
            Model.Look();
            Replica.Look();
        }
    }
}
