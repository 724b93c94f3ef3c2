using System.Net.Sockets;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>Which store is used, why, and who can read it.</summary>
public sealed class WhereTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void In_a_repository_it_is_the_repositorys_own()
    {
        string[] row = Assert.Single(_place.Klock("where").Well().Rows);
        Assert.Equal(["storage", $"sqlite:{_place.At(".git", "klock", "klock.db")}"], row[..2]);
        Assert.False(Directory.Exists(_place.At(".git", "klock")), "to ask makes nothing");
        _place.Klock("leases").Well();
        using Running stat = _place.StartOther("stat", "-c", "%a", ".git/klock", ".git/klock/klock.db");
        Assert.Equal("700\n600\n", stat.End().Well().Out);
    }

    [Fact]
    public void Outside_of_one_it_is_the_users_own()
    {
        using var outside = new Place();
        Assert.Equal($"sqlite:{outside.Home}/.local/state/klock/klock.db", outside.Klock("where").Well().Rows[0][1]);
        outside.Klock("acquire", "--file", "x").Well();
        outside.Environment["XDG_STATE_HOME"] = outside.At("state");
        Assert.Equal($"sqlite:{outside.At("state")}/klock/klock.db", outside.Klock("where").Well().Rows[0][1]);
        outside.Environment["XDG_STATE_HOME"] = null;
        outside.Environment["HOME"] = null;
        Assert.Contains("HOME", outside.Klock("where").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_that_is_not_there_is_no_other_store()
    {
        using var tree = new Place();
        File.WriteAllText(tree.At(".git"), "gitdir: /klock-no-such-folder/worktrees/x\n");
        string[][] verbs = [["where"], ["leases"], ["acquire", "--file", "a"], ["acquire", "--resource", "CUSTOM:x"], ["why", "a"]];
        const string Missing = "/klock-no-such-folder/worktrees/x";
        Assert.All(verbs, verb => Assert.Contains(Missing, tree.Klock(verb).Failed(4), StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(tree.Home));
        tree.Klock("acquire", "--resource", "CUSTOM:x", "--storage", "sqlite:x.db").Well();
        tree.Klock("acquire", "--raw", "--file", "a", "--storage", "sqlite:x.db").Well();
    }

    [Fact]
    public void An_option_goes_before_the_environment_and_that_before_the_default()
    {
        _place.Environment["KLOCK_STORAGE"] = "sqlite:env.db";
        Assert.Equal(["storage", $"sqlite:{_place.At("env.db")}", "KLOCK_STORAGE says so"], _place.Klock("where").Well().Rows[0]);
        _place.Environment["KLOCK_SERVER"] = "http://env.example:1";
        Assert.Equal(["server", "http://env.example:1", "KLOCK_SERVER says so"], _place.Klock("where").Well().Rows[0]);
        Assert.Equal(["storage", $"sqlite:{_place.At("x.db")}", "--storage says so"],
            _place.Klock("where", "--storage", "sqlite:x.db").Well().Rows[0]);
        Assert.Equal(["socket", _place.At("s"), "--socket says so"], _place.Klock("where", "--socket", "s").Well().Rows[0]);
        Assert.Equal("server",
            _place.Klock("where", "--json", "--server", "http://x").Well().Json.GetProperty("data").GetProperty("kind").GetString());
        Assert.Equal("server", _place.Klock("where").Well().Rows[0][0]);
        Assert.Equal(_place.Klock("where").Well().Out, _place.Klock("where", "--storage", "auto").Well().Out);
        _place.Klock("where", "--server", "http://x", "--storage", "sqlite:y").Failed(2);
    }

    [Fact]
    public void A_socket_beside_the_store_is_preferred_while_somebody_listens()
    {
        string path = Path.Combine(Directory.CreateDirectory(_place.At(".git", "klock")).FullName, "klock.sock");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen();
            Assert.Equal(["socket", path], _place.Klock("where").Well().Rows[0][..2]);
        }

        using var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        File.Delete(path);
        dead.Bind(new UnixDomainSocketEndPoint(path));
        Assert.Equal("storage", _place.Klock("where").Well().Rows[0][0]);
    }

    [Theory]
    [InlineData(2, "--storage", "memory")]
    [InlineData(2, "--storage", "etcd:http://127.0.0.1:2379")]
    [InlineData(2, "--storage", "sqlite:")]
    [InlineData(2, "--server", "localhost:3100")]
    [InlineData(4, "--storage", "sqlite:no/such/folder/klock.db")]
    [InlineData(4, "--server", "http://127.0.0.1:1")]
    [InlineData(4, "--socket", "no.sock")]
    public void What_cannot_be_used_is_told_in_one_line(int code, params string[] arguments) =>
        _place.Klock(["leases", .. arguments]).Failed(code);

    [Theory]
    [InlineData("acquire", "--file", "a.ts")]
    [InlineData("leases")]
    [InlineData("release", "0123456789abcdef0123456789abcdef")]
    [InlineData("run", "--file", "a.ts", "--", "true")]
    public void A_store_in_etcd_is_reached_through_a_server(params string[] arguments)
    {
        const string Name = "etcd:http://127.0.0.1:2379";
        const string Told = "storage is in etcd, which klock reaches through a server: start klock serve --storage etcd:..., ";
        int verbs = arguments.IndexOf("--");
        string[] flagged = verbs < 0
            ? [.. arguments, "--storage", Name]
            : [.. arguments[..verbs], "--storage", Name, .. arguments[verbs..]];
        Assert.Contains(Told, _place.Klock(flagged).Failed(2), StringComparison.Ordinal);
        _place.Environment["KLOCK_STORAGE"] = Name;
        Assert.Contains(Told, _place.Klock(arguments).Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_in_PostgreSQL_is_reached_through_a_server_and_its_password_is_not_shown()
    {
        _place.Environment["KLOCK_STORAGE"] = "postgres://me:secret@127.0.0.1/db";
        Assert.Contains(
            "storage is in PostgreSQL, which klock reaches through a server: start klock serve --storage postgres:..., ",
            _place.Klock("leases").Failed(2), StringComparison.Ordinal);
        Ran where = _place.Klock("where");
        Assert.Contains("postgres://me:***@127.0.0.1/db", where.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", where.Out + where.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_none_is_left_alone()
    {
        File.WriteAllText(_place.At("notes.txt"), "not a database, and longer than its header");
        _place.Klock("acquire", "--file", "a", "--storage", "sqlite:notes.txt").Failed(4);
        Assert.StartsWith("not a database", File.ReadAllText(_place.At("notes.txt")), StringComparison.Ordinal);
    }
}
