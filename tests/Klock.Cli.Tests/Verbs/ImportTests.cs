using System.Globalization;
using System.Text.Json;
using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>import: leases and priorities out of a database of the original, whatever its columns are.</summary>
public sealed class ImportTests : IDisposable
{
    private static readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    public static TheoryData<string, string> Shapes => new()
    {
        {
            "columns",
            "CREATE TABLE agents (agent_id TEXT PRIMARY KEY, priority INTEGER);"
            + "INSERT INTO agents VALUES ('elder', 5), ('other', 9);"
            + "CREATE TABLE leases (id TEXT, agent_id TEXT, session_id TEXT, resource_type TEXT, resource_path TEXT, predicate TEXT,"
            + " state TEXT, acquired_at INTEGER, ttl INTEGER, expires_at INTEGER);"
            + Row("'l1', 'elder', 's1', 'FILE', '/src/auth.ts', 'MUTATES', 'Active'", 0, 600_000)
            + Row("'l2', 'other', 's2', 'API_ENDPOINT', 'GET /a', 'DEPENDS_ON', 'Active'", 0, 600_000)
            + Row("'l3', 'other', 's2', 'FILE', '/b', 'MUTATES', 'Released'", 0, 600_000)
            + Row("'l4', 'other', 's2', 'FILE', '/c', 'MUTATES', 'Active'", -700_000, 600_000)
        },
        {
            "words of the original, seconds, TYPE:path",
            "CREATE TABLE known (name TEXT, priority INTEGER); INSERT INTO known VALUES ('elder', 5), ('other', 9);"
            + "CREATE TABLE held (lease_id TEXT, holder TEXT, session TEXT, resource TEXT, predicate TEXT, ttl INTEGER,"
            + " created_at INTEGER);"
            + $"INSERT INTO held VALUES ('l1', 'elder', 's1', 'File:/src/auth.ts', 'Mutates', 600000, {_now / 1000}),"
            + $" ('l2', 'other', 's2', 'ApiEndpoint:GET /a', 'DependsOn', 600000, {_now / 1000}),"
            + $" ('l3', 'other', 's2', 'File:/b', 'Mutates', 600000, {(_now / 1000) - 700}),"
            + $" ('l4', 'other', 's2', 'File:/c', 'Mutates', 600000, {(_now / 1000) - 800});"
        },
        {
            "a JSON text each, dates",
            "CREATE TABLE agents (id TEXT, data TEXT); CREATE TABLE leases (id TEXT, data TEXT);"
            + "INSERT INTO agents VALUES ('elder', '{\"priority\":5}'), ('other', '{\"priority\":9}');"
            + Json("l1", "elder", "s1", "File", "/src/auth.ts", "\"Mutates\"", "Active", _now + 600_000)
            + Json("l2", "other", "s2", "ApiEndpoint", "GET /a", "4", "Active", _now + 600_000)
            + Json("l3", "other", "s2", "File", "/b", "2", "Expired", _now + 600_000)
            + Json("l4", "other", "s2", "File", "/c", "2", "Active", _now - 1_000)
        },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Leases_that_last_and_priorities_are_taken_over(string shape, string sql)
    {
        Assert.NotEmpty(shape);
        Make(sql);
        byte[] before = File.ReadAllBytes(_place.At("old.db"));
        JsonElement data = _place.Klock("import", "old.db", "--json").Well().Json.GetProperty("data");
        Assert.Equal(
            (2, 2, 2, 0),
            (data.GetProperty("agents").GetInt32(), data.GetProperty("leases").GetArrayLength(), data.GetProperty("ended").GetInt32(),
                data.GetProperty("problems").GetArrayLength()));
        string[] leases = [.. _place.Klock("leases").Well().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split('\t')[1..5])).Order(StringComparer.Ordinal)];
        Assert.Equal(["API_ENDPOINT:GET /a DEPENDS_ON other s2", "FILE:/src/auth.ts MUTATES elder s1"], leases);
        Assert.Equal("elder\t5\nother\t9\n", _place.Klock("agents").Well().Out);
        foreach (JsonElement lease in data.GetProperty("leases").EnumerateArray())
        {
            Assert.InRange(lease.GetProperty("expires_at").GetInt64(), _now + 540_000, _now + 601_000);
        }

        // The elder's session goes on; and importing once more takes nothing twice.
        _place.Klock("acquire", "--agent", "elder", "--session", "s1", "--raw", "--file", "/src/auth.ts").Well();
        _place.Klock("release", "--agent", "elder", "--session", "s1").Well();
        Assert.Equal(before, File.ReadAllBytes(_place.At("old.db")));
        Assert.Empty(Directory.GetFiles(_place.Folder, "old.db-*"));
    }

    [Fact]
    public void Importing_again_takes_nothing_twice()
    {
        Make(Shapes.First().Data.Item2);
        string first = _place.Klock("import", "old.db").Well().Out;
        Assert.StartsWith("2 agents and 2 leases imported, 2 had ended.\n", first, StringComparison.Ordinal);
        string[] ends = Ends();
        string again = _place.Klock("import", "old.db").Well().Out;
        Assert.StartsWith("2 agents and 0 leases imported, 2 were there already, 2 had ended.\n", again, StringComparison.Ordinal);
        Assert.Equal(ends, Ends());

        string[] Ends() => [.. _place.Klock("leases", "--json").Well().Json.GetProperty("data").EnumerateArray()
            .Select(lease => lease.GetProperty("expires_at").GetRawText())];
    }

    [Theory, InlineData("id INTEGER PRIMARY KEY", "1,", "2,"), InlineData("", "", "")]
    public void Two_leases_of_one_agent_on_one_file_are_both_taken(string key, string first, string second)
    {
        string comma = key.Length == 0 ? "" : ", ";
        Make($"CREATE TABLE leases ({key}{comma}agent_id TEXT, resource TEXT, predicate TEXT, expires_at INTEGER);"
            + $" INSERT INTO leases VALUES ({first} 'a', 'FILE:/x', 'CONSUMES', {_now + 600_000}),"
            + $" ({second} 'a', 'FILE:/x', 'MUTATES', {_now + 600_000})");
        Assert.Equal(2, _place.Klock("import", "old.db", "--json").Well().Json.GetProperty("data").GetProperty("leases").GetArrayLength());
    }

    [Theory, InlineData(1, 0, 0), InlineData(0, 1, 0), InlineData(0, 0, 1)]
    public void What_was_released_or_revoked_or_has_expired_has_ended(int released, int revoked, int expired)
    {
        Make("CREATE TABLE leases (id TEXT, agent_id TEXT, resource TEXT, predicate TEXT, expires_at INTEGER, released INTEGER,"
            + $" revoked INTEGER, expired INTEGER); INSERT INTO leases VALUES ('1', 'a', 'FILE:/x', 'MUTATES', {_now + 600_000},"
            + $" {released}, {revoked}, {expired})");
        string said = _place.Klock("import", "old.db").Well().Out;
        Assert.StartsWith("0 agents and 0 leases imported, 1 had ended.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_taken_over_is_told_and_the_rest_is()
    {
        Make(
            "CREATE TABLE leases (id TEXT, agent_id TEXT, session_id TEXT, resource TEXT, predicate TEXT, acquired_at INTEGER,"
            + " expires_at INTEGER); CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('x'), ('y');"
            + $"INSERT INTO leases VALUES ('1', 'second', 's', 'FILE:/a', 'CONSUMES', {_now - 1}, {_now + 900_000}),"
            + $" ('2', 'first', 's', 'FILE:/a', 'MUTATES', {_now - 2}, {_now + 600_000}),"
            + $" ('3', 'first', 's', 'FILE:/b', 'EATS', {_now}, {_now + 600_000}),"
            + $" ('4', 'first', 's', 'PLANET:/b', 'MUTATES', {_now}, {_now + 600_000}),"
            + " ('5', 'first', 's', 'FILE:/c', 'MUTATES', NULL, NULL);");
        Ran ran = _place.Klock("import", "old.db");
        Assert.Equal(11, ran.Code);
        Assert.StartsWith("0 agents and 1 lease imported, 0 had ended.\n", ran.Out, StringComparison.Ordinal);
        Assert.Equal(
            "klock: 3 rows of the table leases cannot be read: a lease has no predicate that is known.\n"
            + "klock: 2 rows of the table notes left out: no lease, since it has no predicate and resource, and no priority.\n"
            + "klock: the lease of second on FILE:/a is not imported: it conflicts with what first has, FILE:/a.\n", ran.Error);
    }

    [Fact]
    public void A_server_takes_them_too()
    {
        Make(Shapes.First().Data.Item2);
        using var server = new Server(_place, "--storage", "memory");
        _place.Klock("import", "old.db", "--server", server.Url).Well();
        Assert.Equal(2, _place.Klock("leases", "--server", server.Url).Well().Rows.Length);
        Assert.Empty(_place.Klock("leases").Well().Out);
    }

    [Fact]
    public void A_database_that_is_still_open_in_WAL_mode_is_read_too()
    {
        using Running sqlite = _place.StartOther(
            "python3", "-c",
            "import sqlite3, sys; old = sqlite3.connect('old.db'); old.executescript(sys.argv[1]); print('open', flush=True); input()",
            "PRAGMA journal_mode = WAL; " + Shapes.First().Data.Item2);
        Assert.Equal("open", sqlite.Output.ReadLine());
        Assert.True(new FileInfo(_place.At("old.db-wal")).Length > 0);
        Assert.StartsWith("2 agents and 2 leases imported", _place.Klock("import", "old.db").Well().Out, StringComparison.Ordinal);
        sqlite.End("\n").Well();
    }

    [Fact]
    public void Opened_as_a_store_it_is_refused_with_the_command_that_helps()
    {
        Make(Shapes.First().Data.Item2);
        byte[] before = File.ReadAllBytes(_place.At("old.db"));
        string said = _place.Klock("leases", "--storage", "sqlite:old.db").Failed(4);
        Assert.Contains($"'klock import {_place.At("old.db")}'", said, StringComparison.Ordinal);
        Ran serve = _place.Klock("serve", "--port", "0", "--storage", $"sqlite:{_place.At("old.db")}");
        Assert.Equal(2, serve.Code);
        Assert.Contains("klock import", serve.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_place.At("old.db")));
    }

    [Fact]
    public void What_is_no_such_database_is_told()
    {
        Assert.Contains("there is no file 'nowhere.db'", _place.Klock("import", "nowhere.db").Failed(2), StringComparison.Ordinal);
        File.WriteAllText(_place.At("plain"), new string('x', 200));
        Assert.Contains("plain is no SQLite database", _place.Klock("import", "plain").Failed(4), StringComparison.Ordinal);
        Make("CREATE TABLE other (x); INSERT INTO other VALUES (1)");
        Assert.Contains("has no leases and no priorities", _place.Klock("import", "old.db").Failed(2), StringComparison.Ordinal);
        _place.Klock("acquire", "--file", "a").Well();
        string own = Path.Combine(".git", "klock", "klock.db");
        Assert.Contains("is a store of this Klock already", _place.Klock("import", own).Failed(2), StringComparison.Ordinal);
        Assert.False(File.Exists(_place.At("nowhere.db")));
    }

    private void Make(string sql)
    {
        using Running sqlite = _place.StartOther(
            "python3", "-c", "import sqlite3, sys; old = sqlite3.connect('old.db'); old.executescript(sys.argv[1]); old.close()", sql);
        sqlite.End().Well();
    }

    private static string Row(string values, long acquired, long ttl) => string.Create(
        CultureInfo.InvariantCulture, $"INSERT INTO leases VALUES ({values}, {_now + acquired}, {ttl}, {_now + acquired + ttl});");

    private static string Json(
        string id, string agent, string session, string type, string path, string predicate, string state, long expiresAt) =>
        $"INSERT INTO leases VALUES ('{id}', '{{\"agent_id\":\"{agent}\",\"session_id\":\"{session}\",\"resource\":"
        + $"{{\"resource_type\":\"{type}\",\"path\":\"{path}\"}},\"predicate\":{predicate},\"state\":\"{state}\",\"expires_at\":\""
        + DateTimeOffset.FromUnixTimeMilliseconds(expiresAt).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) + "\"}');";
}
