using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A store whose rows make no sense has failed: it refuses everything, by an error answer, and grants nothing.</summary>
public sealed class ForgedRowTests : FileSuite
{
    private const string Lease =
        "INSERT INTO leases (fencing_token, lease_id, agent_id, session_id, resource_type, resource_path, predicate, acquired_at_ms,"
        + " ttl_ms, expires_at_ms, last_heartbeat_ms, note, request_id, bound_to)"
        + " SELECT fencing_token + 1, x'000102030405060708090A0B0C0D0E0F', agent_id, session_id, resource_type, "
        + "resource_path, predicate, acquired_at_ms, ttl_ms, expires_at_ms, last_heartbeat_ms, note, request_id, bound_to FROM leases;";

    private const string Event = "INSERT INTO events (sequence, kind, at_ms, agent_id) SELECT max(sequence) + 1, ";

    public static TheoryData<string, string> BadState => new()
    {
        { "a lease of an agent that is not there", "DELETE FROM agents" },
        { "an id that is too short", "UPDATE leases SET lease_id = x'0102'" },
        { "a predicate that is none", "UPDATE leases SET predicate = 6" },
        { "a negative predicate", "UPDATE leases SET predicate = -1" },
        { "a type that is none", "UPDATE leases SET resource_type = 6" },
        { "a negative type", "UPDATE leases SET resource_type = -1" },
        { "an empty path", "UPDATE leases SET resource_path = ''" },
        { "a path above its root", "UPDATE leases SET resource_path = '../x'" },
        { "two leases of one id", "UPDATE leases SET lease_id = zeroblob(16); " + Lease + "UPDATE leases SET lease_id = zeroblob(16)" },
        { "a wait for what is no JSON", Waiting("no JSON") },
        { "a wait for JSON of another shape", Waiting("{\"x\":[[1,2],3]}") },
        { "a wait for nothing", Waiting("[]") },
        { "a wait for half a lease", Waiting("[[\"000102030405060708090a0b0c0d0e0f\",0") },
        { "a wait for a lease of no type", Waiting("[[\"000102030405060708090a0b0c0d0e0f\",null,\"x\",1]]") },
        { "a number for a type that no integer holds", Waiting("[[\"000102030405060708090a0b0c0d0e0f\",1e99,\"x\",1]]") },
        { "no journal", "DELETE FROM events" },
        { "no table of leases", "DROP TABLE leases" },
        { "a table of other columns", "ALTER TABLE leases DROP COLUMN note" },
    };

    public static TheoryData<string, string> BadEvents => new()
    {
        { "of a kind that is none", Event + "99, max(at_ms), 'a' FROM events" },
        { "that forgets an agent who is not there", Event + "2, max(at_ms), 'nobody' FROM events" },
        { "that registers nobody", Event + "1, max(at_ms), NULL FROM events" },
        { "of a wait for what is no JSON", WaitingEvent("no JSON") },
        { "of a wait for text that is no UTF-8", WaitingEvent("' || CAST(x'5BFF' AS TEXT) || '") },
        { "of a wait for nothing", WaitingEvent("[]") },
        { "that grants nothing", Event + "3, max(at_ms), 'a' FROM events" },
        { "that ends a lease of nobody", Event + "5, max(at_ms), 'a' FROM events" },
    };

    [Theory]
    [MemberData(nameof(BadState))]
    public void State_that_makes_no_sense_is_refused(string which, string sql)
    {
        Assert.NotEmpty(which);
        Open().Acquire("a");
        CloseAll();
        RawDatabase.Run(FilePath, sql);
        try
        {
            // Who reads all of it; a first command may concern other rows (StatePartTests).
            StoreClient client = Open();
            client.List();
            AllRefused(client);
        }
        catch (KlockException atOpening)
        {
            // What every process reads first.
            Assert.Equal(ErrorCode.StorageUnavailable, atOpening.Code);
        }
    }

    [Theory]
    [MemberData(nameof(BadEvents))]
    public void An_event_that_makes_no_sense_is_refused_by_those_who_follow(string which, string sql)
    {
        Assert.NotEmpty(which);
        StoreClient client = Open();
        client.Acquire("a");
        client.List();
        RawDatabase.Run(FilePath, sql);
        Assert.Equal("STORAGE_UNAVAILABLE", client.Acquire("b", path: "free").Code);
    }

    [Theory]
    [MemberData(nameof(BadEvents))]
    public void An_event_that_makes_no_sense_is_never_taken_for_a_bad_request(string which, string sql)
    {
        Assert.NotEmpty(which);
        StoreClient client = Open();
        client.Acquire("a");
        RawDatabase.Run(FilePath, sql);
        Answer shown = client.Ask(Operation.Events, "{}");
        Assert.True(shown.Success || shown.Code == "STORAGE_UNAVAILABLE", shown.Text);
    }

    [Fact]
    public void A_store_that_is_put_right_again_works_again()
    {
        StoreClient client = Open();
        string lease = client.Acquire("a").LeaseId;
        RawDatabase.Run(FilePath, "ALTER TABLE leases RENAME TO hidden");
        Assert.Equal("STORAGE_UNAVAILABLE", client.Acquire("b", path: "free").Code);
        AllRefused(client);
        RawDatabase.Run(FilePath, "ALTER TABLE hidden RENAME TO leases");
        Assert.Equal([lease], client.ActiveIds());
        Assert.Equal("DIE", client.Acquire("b").Reason);
    }

    private static string Waiting(string wanted) =>
        "INSERT INTO owners SELECT zeroblob(16), max(expires_at_ms) FROM leases;"
        + " INSERT INTO waits (wait_id, sequence, is_queued, owner_id, agent_id, session_id, wanted, changes_lease, ttl_ms,"
        + " deadline_ms) SELECT zeroblob(16), fencing_token, 1, zeroblob(16), agent_id, session_id, '" + wanted
        + "', 0, 1000, expires_at_ms FROM leases";

    private static string WaitingEvent(string wanted) =>
        "INSERT INTO events (sequence, kind, at_ms, agent_id, session_id, wait_id, owner_id, wanted, changes_lease, deadline_ms, ttl_ms,"
        + " expires_at_ms) SELECT max(sequence) + 1, 10, max(at_ms), 'a', 's', zeroblob(16), zeroblob(16), '" + wanted
        + "', 0, 9e15, 1000, 9e15 FROM events";

    private static void AllRefused(StoreClient client)
    {
        Answer[] answers =
        [
            client.Acquire("b"), client.Acquire("b", path: "free"), client.List(), client.Evict(), client.Register("c", 1),
            client.Declare("c", "s", Request.Intent("MUTATES", "x")), client.Ask(Operation.ListAgents, "{}"),
        ];
        Assert.All(answers, answer => Assert.Equal("STORAGE_UNAVAILABLE", answer.Code));
    }
}
