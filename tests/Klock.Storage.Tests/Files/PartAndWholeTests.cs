using System.Text;
using System.Text.Json;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Storage.Sqlite;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>
/// The same random commands on two files: each by a process of its own, which reads a part of the state, and by one that has all of it.
/// Answers and events are the same.
/// </summary>
public sealed class PartAndWholeTests : FileSuite
{
    private const int Steps = 700;

    // As it is done every 1,000 events.
    private const string IndexAll = "UPDATE leases SET is_indexed = 1, may_end_ms = expires_at_ms WHERE is_indexed = 0; "
        + "UPDATE indexed SET up_to = (SELECT max(sequence) FROM events)";

    private static readonly string[] s_files =
    [
        "src/a.ts", "src/b.ts", "src/**", "src/lib/x.ts", "src/lib/**", "src", "src/a.ts/**", ".", "**", "/abs/f", "/abs/**", "/**",
        "C:/w/x", "C:/**", "docs/é.md", "docs/**", "src/a#1/x.ts", "src/a#1/**",
    ];

    private static readonly string[] s_symbols = ["src/a.ts#f", "src/a.ts#g#h", "src/lib/x.ts#C", "Flat", "src/a#1/x.ts#f"];
    private static readonly string[] s_predicates = ["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"];

    private readonly List<string> _leases = [new('f', 32)];
    private LeaseCoordinator? _whole;
    private Side? _inParts;
    private Side? _asWhole;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whoever_reads_a_part_decides_as_whoever_has_the_whole(int seed)
    {
        _inParts = new Side(Folder.At("parts.db"), Clock);
        _asWhole = new Side(Folder.At("whole.db"), Clock);
        _inParts.Open(1).Dispose();
        _whole = _asWhole.Open(1);
        Side.Ask(_whole, Operation.ListLeases, "{}");
        var random = new Random(seed);
        int parts = 0;
        for (int step = 2; step < Steps; step++)
        {
            (Operation operation, Request request) = Next(random);
            bool waits = random.Next(40) == 0 && operation is Operation.Acquire or Operation.AcquireAll or Operation.ChangeLease;
            string text = (waits ? request.With("wait_ms", 10_000) : request).ToString();
            parts += RawDatabase.Ask(_inParts.Path, "SELECT count(*) FROM waits") == "0" ? 1 : 0;
            Run(step, operation, text, waits);
            if (random.Next(3) == 0)
            {
                Advance(random.Next(1, 4_000));
            }
        }

        CompareEvents(Steps);
        _whole.Dispose();
        Assert.InRange(parts, Steps / 4, Steps);
    }

    private void Run(int step, Operation operation, string request, bool waits)
    {
        // Who waits goes with its store, so that what it does there is the same on both sides. And a session's leases are in another
        // order where some were changed since its store was opened.
        bool opens = waits || operation is Operation.RenewSession or Operation.EndSession;
        LeaseCoordinator alone = _inParts!.Open(step);
        LeaseCoordinator whole = opens ? _asWhole!.Open(step) : _whole!;
        if (opens)
        {
            // Refusals that the one has not emitted yet would come behind what the other writes.
            Side.Ask(_whole!, Operation.Events, "{}");
            Side.Ask(whole, Operation.Health, "{}");
        }

        string expected = Side.Ask(whole, operation, request), actual = Side.Ask(alone, operation, request);
        Assert.True(expected == actual, $"step {step}, {operation} {request}:\nwhole: {expected}\npart:  {actual}");
        _leases.AddRange(actual.Split("\"lease_id\":\"").Skip(1).Select(rest => rest[..32]));
        _inParts.Keep(alone, isOver: !waits || step % 2 == 0);
        if (opens)
        {
            _asWhole!.Keep(whole, isOver: !waits || step % 2 == 0);
        }

        if (step % 60 == 0)
        {
            RawDatabase.Run(_inParts.Path, IndexAll);
        }

        if (step % 25 == 0)
        {
            CompareEvents(step);
        }
    }

    private void CompareEvents(int step)
    {
        LeaseCoordinator reader = _inParts!.Open(Steps + step);
        string[] parts = _inParts.Events(reader), whole = _asWhole!.Events(_whole!);
        reader.Dispose();
        Assert.Equal(whole, parts);
    }

    private (Operation Operation, Request Request) Next(Random random)
    {
        string lease = _leases[^random.Next(1, Math.Min(_leases.Count, 12) + 1)];
        string agent = $"a{random.Next(5)}", session = $"s{random.Next(3)}";
        Request OnLease() => Request.Of(("lease_id", lease));
        Request OfSession() => Request.Of(("agent_id", agent), ("session_id", session));
        return random.Next(24) switch
        {
            < 10 => (Operation.Acquire, Named(random, Resource(random, OfSession()).With("ttl", random.Next(1_000, 40_000)))),
            < 13 => (Operation.AcquireAll, Named(random, OfSession().With("intents", Intents(random)).With("ttl", 20_000))),
            < 16 => (Operation.Release, OnLease()),
            16 => (Operation.Heartbeat, random.Next(2) == 0 ? OnLease() : OnLease().With("ttl", 9_000)),
            17 => (Operation.GetLease, OnLease()),
            18 => (Operation.Revoke, OnLease()),
            19 => (Operation.ChangeLease, OnLease().With("predicate", Pick(random, s_predicates))),
            20 => (Operation.DeclareIntents, OfSession().With("intents", Intents(random))),
            21 => (random.Next(2) == 0 ? Operation.EndSession : Operation.RenewSession, OfSession()),
            22 => (Operation.RegisterAgent, Request.Of(("agent_id", agent), ("priority", random.Next(5)))),
            _ => (Operation.EvictExpired, Request.Of()),
        };
    }

    private static Request Named(Random random, Request request) =>
        random.Next(3) == 0 ? request.With("request_id", $"r{random.Next(4)}").With("ttl", 20_000) : request;

    private static object[] Intents(Random random) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
    {
        (string type, string path) = Name(random);
        return Request.Intent(Pick(random, s_predicates), path, type);
    })];

    private static Request Resource(Random random, Request request)
    {
        (string type, string path) = Name(random);
        request = request.With("resource_type", type).With("resource_path", path).With("predicate", Pick(random, s_predicates));
        return random.Next(6) == 0 ? request.With("namespace", "shop") : request;
    }

    private static (string Type, string Path) Name(Random random) => random.Next(10) switch
    {
        < 7 => ("FILE", Pick(random, s_files)),
        7 or 8 => ("SYMBOL", Pick(random, s_symbols)),
        _ => ("CUSTOM", Pick(random, s_files)),
    };

    private static string Pick(Random random, string[] of) => of[random.Next(of.Length)];

    /// <summary>One of the two files: its ids are counted apart, so that they are the same on both.</summary>
    private sealed class Side(string path, TimeProvider clock)
    {
        private readonly CountingIds _ids = new();
        private readonly Queue<LeaseCoordinator> _kept = new();
        private readonly List<string> _events = [];
        private long _read;

        public string Path => path;

        public LeaseCoordinator Open(int number) => new(
            new SqliteStore(
                SqliteLocation.Parse(path + "?synchronous=normal"), clock, new LeaseId((UInt128)(1_000_000 + number)), process: null),
            _ids);

        // At most one that waits stays open, and goes when the next comes.
        public void Keep(LeaseCoordinator waiting, bool isOver)
        {
            if (isOver)
            {
                waiting.Dispose();
                return;
            }

            _kept.Enqueue(waiting);
            if (_kept.Count > 1)
            {
                _kept.Dequeue().Dispose();
            }
        }

        public static string Ask(LeaseCoordinator coordinator, Operation operation, string request)
        {
            var reply = new Reply();
            PendingWait? waits = coordinator.Begin(operation, Encoding.UTF8.GetBytes(request), reply);
            return waits is null ? Encoding.UTF8.GetString(reply.Utf8) : "waits";
        }

        public string[] Events(LeaseCoordinator reader)
        {
            var client = new StoreClient(reader);
            _events.Clear();
            foreach (JsonElement happened in client.Events(_read))
            {
                _events.Add(happened.GetRawText());
                _read = happened.GetProperty("seq").GetInt64();
            }

            return [.. _events];
        }
    }
}
