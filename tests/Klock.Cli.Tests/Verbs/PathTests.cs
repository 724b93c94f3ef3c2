using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>One file has one name, however it is spelt and wherever klock is run.</summary>
public sealed class PathTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Spellings_of_one_file_meet()
    {
        Directory.CreateDirectory(_place.At("src"));
        File.CreateSymbolicLink(_place.At("link"), _place.At("src"));
        _place.Klock("acquire", "--file", "src/a.ts").Well();
        string[][] spellings =
        [
            ["--file", "./src//x/../a.ts"], ["--file", _place.At("src", "a.ts")], ["--file", "link/a.ts"], ["--file", "src/**"],
            ["--resource", "FILE:link/a.ts"], ["--resource", "SYMBOL:link/a.ts#f"], ["--read", "src/a.ts"],
        ];
        Assert.All(spellings, spelling => _place.Klock(["acquire", .. spelling]).Failed(11));
        Assert.Contains(
            "FILE:src/a.ts", _place.KlockIn(_place.At("src"), "acquire", "--file", "a.ts").Failed(11), StringComparison.Ordinal);
        _place.Klock("acquire", "--file", "src/b.ts").Well();
    }

    [Fact]
    public void Raw_paths_stay_as_they_are()
    {
        Directory.CreateDirectory(_place.At("src"));
        Assert.Equal("FILE:a.ts", _place.KlockIn(_place.At("src"), "acquire", "--raw", "--file", "a.ts").Well().Rows[0][1]);
        Assert.Equal("FILE:src/a.ts", _place.KlockIn(_place.At("src"), "acquire", "--file", "a.ts").Well().Rows[0][1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_needs_no_working_directory_works_when_it_was_removed(bool onServer)
    {
        using Server? server = onServer ? new Server(_place, "--storage", "memory") : null;
        _place.Environment["KLOCK_SERVER"] = server?.Url;
        _place.Environment["KLOCK_STORAGE"] = onServer ? null : "sqlite:" + _place.At("klock.db");
        string lease = _place.Klock("acquire", "--resource", "CUSTOM:held").Well().Rows[0][0];
        const string Script = """
            set -e
            mkdir gone; cd gone; rmdir ../gone
            klock acquire --file /abs/a.py --agent me --session s > /dev/null
            klock acquire --resource CUSTOM:deploy --agent me --session s > /dev/null
            klock leases | wc -l
            klock release "$0"
            klock release /abs/a.py --agent me
            klock run --file /abs/b.py -- true
            klock release --all --agent me --session s
            klock status > /dev/null
            klock leases
            klock acquire --file relative.py
            """;
        using Running shell = _place.StartOther("sh", "-c", Script, lease);
        Ran ran = shell.End();
        Assert.Contains("was removed", ran.Failed(2), StringComparison.Ordinal);
        Assert.Equal(["3", "released", "released", "released"], ran.Rows.Select(row => row[0]));
    }

    [Fact]
    public void Work_trees_of_one_repository_share_a_store_and_its_names()
    {
        _place.Commit();
        string other = Path.Combine(_place.Top, "other");
        _place.Git("worktree", "add", "--quiet", other);
        Assert.Equal(_place.Klock("where").Well().Out, _place.KlockIn(other, "where").Well().Out);
        _place.Klock("acquire", "--file", "a.ts").Well();
        _place.KlockIn(other, "acquire", "--file", "a.ts").Failed(11);
    }

    // An absolute name that is taken literally is the same file as a relative one, or an error: never another file in silence.
    [Fact]
    public void A_literal_absolute_name_needs_settings_that_can_be_read()
    {
        string path = _place.At("a.ts");
        _place.Klock("acquire", "--file", path, "--raw").Well();
        _place.Klock("acquire", "--file", "a.ts").Failed(11);
        File.WriteAllText(_place.At(".klock.toml"), "worktrees = \"some\"\n");
        Assert.Contains(".klock.toml", _place.Klock("acquire", "--file", path, "--raw").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_submodule_shares_the_store_and_the_names_of_its_superproject()
    {
        using Place other = Place.InGit();
        other.Commit();
        _place.Commit();
        _place.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.Folder, "vendor/lib");
        string lib = _place.At("vendor", "lib");
        Assert.Equal(_place.Klock("where").Well().Out, _place.KlockIn(lib, "where").Well().Out);
        _place.Klock("acquire", "--file", "vendor/lib/src/a.c").Well();
        string refused = _place.KlockIn(lib, "acquire", "--file", "src/a.c").Failed(11);
        Assert.Contains("FILE:vendor/lib/src/a.c", refused, StringComparison.Ordinal);
        _place.Klock("acquire", "--file", "vendor/**").Failed(11);
    }

    [Fact]
    public void A_file_has_the_store_of_its_own_repository()
    {
        using Place other = Place.InGit();
        string file = other.At("a.ts");
        string id = _place.Klock("acquire", "--file", file).Well().Rows[0][0];
        other.Klock("acquire", "--file", "a.ts").Failed(11);
        Assert.Equal("FILE:a.ts", other.Klock("leases").Well().Rows[0][1]);
        Assert.Empty(_place.Klock("leases").Well().Out);
        Assert.Equal(id, _place.Klock("leases", "--file", file).Well().Rows[0][0]);
        string[][] mixed = [["--file", file, "--file", "b.ts"], ["--file", file, "--resource", "CUSTOM:x"]];
        Assert.All(mixed, both => Assert.Contains("--storage", _place.Klock(["acquire", .. both]).Failed(2), StringComparison.Ordinal));
        _place.Klock("acquire", "--file", file, "--file", "b.ts", "--storage", $"sqlite:{_place.At("both.db")}").Well();
    }

    [Theory]
    [InlineData("acquire", "--file", "a*.ts")]
    [InlineData("acquire", "--resource", "a.ts")]
    [InlineData("acquire", "--resource", "THING:x")]
    [InlineData("acquire", "--resource", "CUSTOM:")]
    [InlineData("acquire", "--file", "")]
    [InlineData("why", "a\nb")]
    [InlineData("leases", "--file", "a", "--resource", "FILE:a")]
    public void A_path_that_cannot_be_is_refused(params string[] arguments)
    {
        _place.Klock(arguments).Failed(2);
        Assert.Empty(_place.Klock("leases").Well().Out);
    }
}
