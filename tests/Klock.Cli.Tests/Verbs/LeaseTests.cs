using System.Text.Json;
using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>acquire, release, renew, revoke, leases and agents on a store.</summary>
public sealed class LeaseTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_lease_is_acquired_listed_renewed_and_released()
    {
        string[] row = Assert.Single(
            _place.Klock("acquire", "--file", "a.ts", "--agent", "a", "--session", "s", "--note", "why").Well().Rows);
        Assert.Equal(["FILE:a.ts", "MUTATES", "a", "s"], row[1..5]);
        Assert.Equal("why", _place.Klock("leases").Well().Rows[0][7]);
        Assert.Equal(row[0], _place.Klock("leases").Rows[0][0]);
        Assert.Equal([["renewed", row[0]]], _place.Klock("renew", row[0]).Well().Rows);
        Assert.Equal([["released", row[0]]], _place.Klock("release", row[0]).Well().Rows);
        Assert.Empty(_place.Klock("leases").Well().Out);
        Assert.Contains("released", _place.Klock("release", row[0]).Failed(3), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_what_a_coordinator_answers()
    {
        JsonElement granted = _place.Klock("acquire", "--file", "a.ts", "--json", "--ttl", "5m").Well().Json;
        Assert.True(granted.GetProperty("success").GetBoolean());
        Assert.Equal(300_000, granted.GetProperty("data").GetProperty("ttl").GetInt64());
        JsonElement listed = _place.Klock("leases", "--json").Well().Json.GetProperty("data")[0];
        Assert.Equal(granted.GetProperty("data").GetProperty("lease_id").GetString(), listed.GetProperty("id").GetString());
        Ran refused = _place.Klock("acquire", "--file", "a.ts", "--json");
        Assert.Contains("DIE", refused.Failed(11), StringComparison.Ordinal);
        Assert.Equal("DIE", refused.Json.GetProperty("reason").GetString());
    }

    [Fact]
    public void A_refusal_says_who_is_in_the_way_and_has_its_own_exit_code()
    {
        _place.Klock("acquire", "--file", "a.ts", "--agent", "holder", "--note", "editing").Well();
        Assert.Matches("DIE: FILE:a.ts is held by holder .*editing", _place.Klock("acquire", "--file", "a.ts").Failed(11));
        Assert.Matches("WAIT: ", _place.Klock("acquire", "--file", "a.ts", "--agent", "old", "--priority", "1").Failed(10));
        Assert.Matches("WAIT_TIMEOUT: ", _place.Klock("acquire", "--file", "a.ts", "--wait", "50ms").Failed(12));
    }

    [Fact]
    public void Who_waits_gets_it_when_it_is_released()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "20s", "--agent", "waiter");
        Running.Until(() => _place.Klock("why", "a.ts").Out.Contains("waiter", StringComparison.Ordinal), "it waits");
        _place.Klock("release", lease).Well();
        Assert.Equal("waiter", waiter.End().Well().Rows[0][3]);
    }

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public void A_signal_ends_a_wait_and_leaves_nothing_behind(int signal, int code)
    {
        _place.Klock("acquire", "--file", "a.ts").Well();
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "20s", "--agent", "waiter");
        Running.Until(() => _place.Klock("why", "a.ts").Out.Contains("waiting", StringComparison.Ordinal), "it waits");
        waiter.Signal(signal);
        Assert.Equal(code, waiter.End().Code);
        Assert.DoesNotContain("waiting", _place.Klock("why", "a.ts").Well().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_are_acquired_together_or_not_at_all()
    {
        _place.Klock("acquire", "--file", "b.ts").Well();
        _place.Klock("acquire", "--file", "a.ts", "--file", "b.ts").Failed(11);
        Assert.Single(_place.Klock("leases").Rows);
        string[][] rows = _place.Klock(
            "acquire", "--read", "c.ts", "--resource", "custom:deploy", "--file", "a.ts", "--mode", "delete").Well().Rows;
        Assert.Equal(["FILE:a.ts DELETES", "CUSTOM:deploy DELETES", "FILE:c.ts CONSUMES"], rows.Select(row => $"{row[1]} {row[2]}"));
    }

    [Fact]
    public void All_leases_of_a_session_are_renewed_and_released_at_once()
    {
        _place.Environment["KLOCK_AGENT_ID"] = "agent";
        _place.Environment["KLOCK_SESSION_ID"] = "session";
        _place.Klock("acquire", "--file", "a.ts").Well();
        _place.Klock("acquire", "--file", "a.ts").Well();
        Assert.Equal([["renewed", "2"]], _place.Klock("renew", "--all").Well().Rows);
        Assert.Equal([["released", "2"]], _place.Klock("release", "--all").Well().Rows);
        _place.Environment.Clear();
        Assert.Contains("--session", _place.Klock("release", "--all").Failed(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_renewal_may_bring_another_ttl(bool onServer)
    {
        using Server? server = onServer ? new Server(_place, "--storage", "memory") : null;
        _place.Environment["KLOCK_SERVER"] = server?.Url;
        _place.Environment["KLOCK_AGENT_ID"] = "agent";
        _place.Environment["KLOCK_SESSION_ID"] = "session";
        string first = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        _place.Klock("acquire", "--file", "b.ts").Well();
        _place.Klock("acquire", "--file", "c.ts", "--session", "another").Well();
        Assert.Equal([["renewed", first]], _place.Klock("renew", first, "--ttl", "5m").Well().Rows);
        Assert.Equal(["300000", "60000", "60000"], Ttls());
        Assert.Equal(["renewed"], _place.Klock("renew", "b.ts", "--ttl", "7m").Well().Rows.Select(row => row[0]));
        Assert.Equal(["300000", "420000", "60000"], Ttls());
        Assert.Equal([["renewed", "2"]], _place.Klock("renew", "--all", "--ttl", "9m").Well().Rows);
        Assert.Equal(["540000", "540000", "60000"], Ttls());
        Assert.Equal([["renewed", "2"]], _place.Klock("renew").Well().Rows);
        Assert.Equal(["540000", "540000", "60000"], Ttls());
        Assert.Contains("--ttl is '25h'", _place.Klock("renew", "--ttl", "25h").Failed(2), StringComparison.Ordinal);
        Assert.Contains("--ttl", _place.Klock("release", "--ttl", "5m").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_everybody_is_somebody_else()
    {
        string[] first = _place.Klock("acquire", "--file", "a.ts").Rows[0], second = _place.Klock("acquire", "--file", "b.ts").Rows[0];
        Assert.NotEqual(first[3], second[3]);
        Assert.NotEqual(first[4], second[4]);
        Assert.Equal(2, _place.Klock("agents").Well().Rows.Length);
    }

    [Fact]
    public void An_operator_takes_a_lease_away()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts").Rows[0][0];
        Assert.Equal([["revoked", lease]], _place.Klock("revoke", lease).Well().Rows);
        Assert.Contains("revoked", _place.Klock("renew", lease).Failed(3), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_leases_each_is_tried()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts").Rows[0][0];
        Ran ran = _place.Klock("release", "0123", lease);
        ran.Failed(3);
        Assert.Equal([["released", lease]], ran.Rows);
    }

    [Fact]
    public void What_root_makes_belongs_to_whom_the_repository_belongs()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can be somebody else.");
        const string Owner = "54321";
        using Running chown = _place.StartOther("chown", "-R", $"{Owner}:{Owner}", _place.Top);
        Assert.Equal(0, chown.End().Code);
        _place.Klock("acquire", "--file", "a.ts", "--ttl", "5m").Well();
        using (var server = new Server(_place, "--storage", "auto", "--socket", _place.At(".git", "klock", "klock.sock")))
        {
            string[] made = [_place.At(".git", "klock"), .. Directory.GetFiles(_place.At(".git", "klock"))];
            Assert.True(made.Length >= 4, string.Join(' ', made));
            using Running stat = _place.StartOther("stat", ["-c", "%u %g %n", .. made]);
            Assert.All(stat.End().Well().Rows, row => Assert.StartsWith($"{Owner} {Owner} ", row[0], StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_link_gives_nobody_a_file_in_a_folder_of_roots()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can be somebody else.");
        string roots = Directory.CreateDirectory(Path.Combine(_place.Home, "roots")).FullName;
        Directory.CreateDirectory(_place.At(".git", "klock"));
        File.CreateSymbolicLink(_place.At(".git", "klock", "klock.db"), Path.Combine(roots, "klock.db"));
        using Running chown = _place.StartOther("chown", "-Rh", "54321", _place.Folder);
        Assert.Equal(0, chown.End().Code);
        _place.Klock("acquire", "--file", "a.ts").Well();
        using Running stat = _place.StartOther("stat", "-c", "%u", Path.Combine(roots, "klock.db"));
        Assert.Equal("0\n", stat.End().Well().Out);
    }

    [Fact]
    public void The_list_is_narrowed_down()
    {
        _place.Klock("acquire", "--file", "src/a.ts", "--agent", "a").Well();
        _place.Klock("acquire", "--file", "lib/b.ts", "--agent", "b").Well();
        Assert.Equal("a", Assert.Single(_place.Klock("leases", "--agent", "a").Rows)[3]);
        Assert.Equal("a", Assert.Single(_place.Klock("leases", "--file", "src/**").Rows)[3]);
        Assert.Equal("b", Assert.Single(_place.Klock("leases", "--resource", "SYMBOL:lib/b.ts#f").Rows)[3]);
        Assert.Empty(_place.Klock("leases", "--session", "none").Well().Rows);
    }

    [Fact]
    public void An_agents_priority_cannot_change_while_it_holds()
    {
        _place.Klock("acquire", "--file", "a.ts", "--agent", "a", "--priority", "5").Well();
        _place.Klock("acquire", "--file", "b.ts", "--agent", "a", "--priority", "5").Well();
        Assert.Contains(
            "priority", _place.Klock("acquire", "--file", "c.ts", "--agent", "a", "--priority", "6").Failed(6), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_is_repeated_gets_the_same_lease()
    {
        string[] request = ["acquire", "--file", "a.ts", "--agent", "a", "--session", "s", "--request-id", "r"];
        Assert.Equal(_place.Klock(request).Well().Rows[0][0], _place.Klock(request).Well().Rows[0][0]);
    }

    [Fact]
    public void What_others_wrote_cannot_move_the_cursor_or_make_a_line()
    {
        _place.Klock("acquire", "--file", "a.ts", "--note", "\u001b[2J\n\tx").Well();
        string[] row = Assert.Single(_place.Klock("leases").Well().Rows);
        Assert.Equal(@"\x1b[2J\x0a\x09x", row[7]);
        Assert.DoesNotContain('\u001b', _place.Klock("acquire", "--file", "a.ts").Failed(11));
    }

    private string[] Ttls() =>
    [
        .. from lease in _place.Klock("leases", "--json").Well().Json.GetProperty("data").EnumerateArray()
           orderby lease.GetProperty("resource").GetString()
           select lease.GetProperty("ttl").ToString(),
    ];
}
