using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>Leases and resources may be named as people see them: short ids, paths, folders, the words of the tables.</summary>
public sealed class NamingTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_beginning_of_an_id_is_enough_while_it_is_one_leases()
    {
        string id = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        Assert.Equal([["renewed", id]], _place.Klock("renew", id[..8]).Well().Rows);
        Assert.Contains("no lease begins with", _place.Klock("release", id[..8] == "ffff0000" ? "0000ffff" : "ffff0000").Failed(3),
            StringComparison.Ordinal);
        _place.Klock("release", id[..3]).Failed(2);
        Assert.Equal([["released", id]], _place.Klock("release", id[..5]).Well().Rows);
    }

    [Fact]
    public void What_may_mean_several_is_told_and_changes_nothing()
    {
        // Of so many ids two begin alike in one digit more than are needed to distinguish them, by chance.
        string[] Files(int folder) => [.. Enumerable.Range(0, 250).SelectMany(i => (string[])["--file", $"d{folder}/{i}"])];
        string[] ids =
        [
            .. Enumerable.Range(0, 4).SelectMany(i => _place.Klock(["acquire", .. Files(i)]).Well().Rows.Select(row => row[0])),
        ];
        string? shared = ids.GroupBy(id => id[..4]).FirstOrDefault(group => group.Count() > 1)?.Key;
        Assert.NotNull(shared);
        string sentence = _place.Klock("revoke", shared).Failed(2);
        Assert.Contains("may mean", sentence, StringComparison.Ordinal);
        Assert.Contains("(FILE:d", sentence, StringComparison.Ordinal);
        Assert.Equal(ids.Length, _place.Klock("leases").Rows.Length);
    }

    [Fact]
    public void Ones_own_on_a_path_are_released()
    {
        _place.Environment["KLOCK_AGENT_ID"] = "me";
        _place.Environment["KLOCK_SESSION_ID"] = "mine";
        Directory.CreateDirectory(_place.At("src"));
        _place.Klock("acquire", "--file", "src/a.ts", "--file", "src/b.ts", "--resource", "CUSTOM:x").Well();
        _place.Klock("acquire", "--file", "c.ts", "--agent", "other").Well();
        Assert.Single(_place.KlockIn(_place.At("src"), "release", "a.ts").Well().Rows);
        Assert.Single(_place.Klock("release", "CUSTOM:x").Well().Rows);
        Assert.Single(_place.Klock("release", "src").Well().Rows);
        string sentence = _place.Klock("release", "c.ts").Failed(3);
        Assert.Contains("other", sentence, StringComparison.Ordinal);
        Assert.Contains("klock revoke", sentence, StringComparison.Ordinal);
        Assert.Contains("no lease is on FILE:none.ts", _place.Klock("release", "none.ts").Failed(3), StringComparison.Ordinal);
        Assert.Single(_place.Klock("revoke", "c.ts").Well().Rows);
        _place.Environment.Clear();
        Assert.Contains("KLOCK_AGENT_ID", _place.Klock("release", "src/a.ts").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Release_alone_is_all_of_ones_own_and_nobody_elses()
    {
        Assert.Contains("KLOCK_AGENT_ID", _place.Klock("release").Failed(2), StringComparison.Ordinal);
        foreach (string session in (string[])["one", "two"])
        {
            _place.Klock("acquire", "--file", session, "--agent", "me", "--session", session).Well();
        }

        _place.Klock("acquire", "--file", "c.ts", "--agent", "other").Well();
        _place.Environment["KLOCK_AGENT_ID"] = "me";
        Assert.Equal([["renewed", "2"]], _place.Klock("renew").Well().Rows);
        Assert.Equal([["released", "1"]], _place.Klock("release", "--session", "one").Well().Rows);
        Assert.Equal(1, _place.Klock("release", "--json").Well().Json.GetProperty("data").GetProperty("released").GetInt32());
        Assert.Equal([["released", "0"]], _place.Klock("release").Well().Rows);
        Assert.Equal("other", Assert.Single(_place.Klock("leases").Well().Rows)[3]);
    }

    [Fact]
    public void A_folder_is_taken_with_all_beneath_it_and_that_is_said()
    {
        Directory.CreateDirectory(_place.At("src", "deep"));
        Ran ran = _place.Klock("acquire", "--file", "src");
        Assert.Equal("FILE:src/**", ran.Rows[0][1]);
        Assert.Equal("klock: src is a folder: src/** is taken, all beneath it.\n", ran.Error);
        _place.Klock("acquire", "--file", "src/deep/a.ts").Failed(11);
        Assert.Equal("FILE:new/**", _place.Klock("acquire", "--read", "new/").Rows[0][1]);
        Directory.CreateDirectory(_place.At("raw"));
        Assert.Equal("FILE:raw", _place.Klock("acquire", "--raw", "--file", "raw").Well().Rows[0][1]);
    }

    [Theory]
    [InlineData("FILE:src/a.ts")]
    [InlineData("file:src/a.ts")]
    [InlineData("src/a.ts")]
    [InlineData("src")]
    [InlineData("src/")]
    [InlineData("src/**")]
    public void Why_and_leases_take_what_a_table_prints_and_folders(string named)
    {
        Directory.CreateDirectory(_place.At("src"));
        _place.Klock("acquire", "--file", "src/a.ts", "--agent", "holder").Well();
        _place.Klock("acquire", "--resource", "CUSTOM:x").Well();
        Assert.Equal("holder", Assert.Single(_place.Klock("leases", named).Well().Rows)[3]);
        Assert.Contains("holder", _place.Klock("why", named).Well().Out, StringComparison.Ordinal);
        Assert.Single(_place.Klock("leases", "CUSTOM:x").Well().Rows);
        if (named.Contains(':', StringComparison.Ordinal))
        {
            // What a table prints is from the top, wherever one stands.
            Assert.Contains("holder", _place.KlockIn(_place.At("src"), "why", named).Well().Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("CONSUMES", "CONSUMES")]
    [InlineData("depends_on", "DEPENDS_ON")]
    [InlineData("Delete", "DELETES")]
    public void A_mode_may_be_said_as_the_tables_say_it(string mode, string predicate) =>
        Assert.Equal(predicate, _place.Klock("acquire", "--file", "a.ts", "--mode", mode).Well().Rows[0][2]);
}
