using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>Repositories on one server: which namespace the command line says, and that all verbs mean the same one.</summary>
public sealed class NamespaceTests : IDisposable
{
    private readonly Place _shop = Place.InGit();
    private readonly Place _blog = Place.InGit();
    private readonly Server _server;

    public NamespaceTests()
    {
        _shop.Git("remote", "add", "origin", "https://user@github.com:443/acme/shop.git");
        _blog.Commit();
        _server = new Server(_shop, "--storage", "memory", "--namespace-by", "repository");
        _shop.Environment["KLOCK_SERVER"] = _blog.Environment["KLOCK_SERVER"] = _server.Url;
    }

    public void Dispose()
    {
        _server.Dispose();
        _shop.Dispose();
        _blog.Dispose();
    }

    [Fact]
    public void Where_the_server_keeps_repositories_apart_each_is_told_by_its_origin_or_its_first_commit()
    {
        string lease = _shop.Klock("acquire", "--file", "README.md", "--agent", "a").Well().Rows[0][0];
        Assert.Equal("FILE:README.md in github.com/acme/shop", Assert.Single(_shop.Klock("leases").Well().Rows)[1]);
        JsonElement blog = _blog.Klock("acquire", "--file", "README.md", "--json").Well().Json;
        Assert.Equal(RootCommit(_blog), blog.GetProperty("data").GetProperty("namespace").GetString());
        _shop.Klock("acquire", "--file", "README.md").Failed(11);
        Assert.Equal(lease, Assert.Single(_shop.Klock("leases", "--file", "README.md").Well().Rows)[0]);
        Assert.Equal(2, _blog.Klock("leases").Well().Rows.Length);
        Assert.Single(_blog.Klock("leases", "--namespace", "github.com/acme/shop").Well().Rows);
        _shop.Klock("renew", lease).Well();
        _shop.Klock("release", lease).Well();
        _blog.Klock("run", "--file", "other.md", "--", "true").Well();
    }

    [Theory]
    [InlineData("release")]
    [InlineData("renew")]
    [InlineData("revoke")]
    public void A_file_that_is_named_is_that_of_this_repository(string verb)
    {
        _shop.Environment["KLOCK_AGENT_ID"] = _blog.Environment["KLOCK_AGENT_ID"] = "a";
        _shop.Environment["KLOCK_SESSION_ID"] = _blog.Environment["KLOCK_SESSION_ID"] = "s";
        string shop = _shop.Klock("acquire", "--file", "README.md").Well().Rows[0][0];
        string blog = _blog.Klock("acquire", "--file", "README.md").Well().Rows[0][0];
        Assert.Equal(blog, Assert.Single(_blog.Klock(verb, "README.md").Well().Rows)[1]);
        Assert.Equal(verb == "renew" ? 2 : 1, _shop.Klock("leases").Well().Rows.Length);
        Assert.Equal(shop, Assert.Single(_blog.Klock(verb, "README.md", "--namespace", "github.com/acme/shop").Well().Rows)[1]);
    }

    [Fact]
    public void Who_asks_why_sees_what_is_in_the_way_there_and_nothing_of_the_other()
    {
        _shop.Klock("acquire", "--file", "README.md", "--agent", "in-shop").Well();
        _blog.Klock("acquire", "--file", "README.md", "--agent", "in-blog").Well();
        _shop.Klock("acquire", "--file", "README.md").Failed(11);
        Ran why = _shop.Klock("why", "README.md").Well();
        Assert.Contains(why.Rows, row => row[0] == "leases" && row.Contains("in-shop"));
        Assert.Contains(why.Rows, row => row[0] == "events" && row.Contains("REFUSED"));
        Assert.DoesNotContain("in-blog", why.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_said_goes_before_the_environment_and_that_before_the_repository()
    {
        _shop.Environment["KLOCK_NAMESPACE"] = "env";
        Assert.Equal("env", NamespaceOf(_shop.Klock("acquire", "--file", "a", "--json")));
        Assert.Equal("said", NamespaceOf(_shop.Klock("acquire", "--file", "a", "--json", "--namespace", "said")));
        _shop.Environment["KLOCK_NAMESPACE"] = "";
        Assert.Equal("github.com/acme/shop", NamespaceOf(_shop.Klock("acquire", "--file", "a", "--json")));
        string empty = _shop.Klock("acquire", "--file", "a", "--namespace", "").Failed(2);
        Assert.Contains("--namespace is empty", empty, StringComparison.Ordinal);
        _shop.Environment["KLOCK_NAMESPACE"] = new string('x', 257);
        Assert.Contains("KLOCK_NAMESPACE has 257 bytes", _shop.Klock("acquire", "--file", "a").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_has_none_unless_one_is_said()
    {
        Assert.Null(NamespaceOf(_shop.Klock("acquire", "--file", "a", "--json", "--storage", "sqlite:s.db")));
        _shop.Klock("acquire", "--file", "a", "--storage", "sqlite:s.db").Failed(11);
        _shop.Environment["KLOCK_NAMESPACE"] = "env";
        Assert.Equal("env", NamespaceOf(_shop.Klock("acquire", "--file", "a", "--json", "--storage", "sqlite:s.db")));
        Assert.Single(_shop.Klock("leases", "--file", "a", "--storage", "sqlite:s.db").Well().Rows);
        Assert.Equal(2, _shop.Klock("leases", "--storage", "sqlite:s.db").Well().Rows.Length);
    }

    [Fact]
    public void Check_says_what_the_manifest_says_else_what_the_other_verbs_say()
    {
        const string Manifest = """
            {"agent_id":"m","session_id":"s"NAME,"intents":[{"predicate":"MUTATES","resource_type":"FILE","resource_path":"a.ts"}]}
            """;
        string plain = Manifest.Replace("NAME", "", StringComparison.Ordinal);
        _shop.KlockWith(plain, "check").Well();
        _shop.Klock("acquire", "--file", "a.ts").Well();
        Assert.Equal(11, _shop.KlockWith(plain, "check").Code);
        Assert.Equal(11, _shop.KlockWith(Manifest.Replace("NAME", ",\"namespace\":null", StringComparison.Ordinal), "check").Code);
        _shop.KlockWith(Manifest.Replace("NAME", ",\"namespace\":\"other\"", StringComparison.Ordinal), "check").Well();
        _shop.KlockWith(plain, "check", "--namespace", "other").Well();
    }

    [Fact]
    public void Files_of_two_repositories_are_not_asked_for_at_once_nor_what_is_in_none()
    {
        string error = _shop.Klock("acquire", "--file", "a", "--file", _blog.At("a")).Failed(2);
        Assert.Contains("different repositories", error, StringComparison.Ordinal);
        using var nowhere = new Place();
        nowhere.Environment["KLOCK_SERVER"] = _server.Url;
        Assert.Contains("KLOCK_NAMESPACE", nowhere.Klock("acquire", "--file", "a").Failed(2), StringComparison.Ordinal);
        Assert.Equal("n", NamespaceOf(nowhere.Klock("acquire", "--resource", "CUSTOM:a", "--namespace", "n", "--json")));
        Assert.Equal(
            "github.com/acme/shop", NamespaceOf(_shop.Klock("acquire", "--resource", "CUSTOM:gpu", "--json")));
    }

    [Fact]
    public void A_run_in_a_run_waits_for_another_namespace_but_not_for_its_own_parent()
    {
        _shop.Klock("run", "--file", "a", "--", "klock", "run", "--wait", "5s", "--file", "a", "--namespace", "other", "--", "true").Well();
        Ran nested = _shop.Klock("run", "--file", "a", "--", "klock", "run", "--wait", "5s", "--file", "a", "--", "true");
        Assert.Equal(2, nested.Code);
        Assert.Contains("so a wait for it would never end", nested.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shallow_clone_is_not_told_by_the_commit_that_others_do_not_begin_with()
    {
        _blog.Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "--allow-empty", "-m", "second");
        string clone = Path.Combine(_blog.Top, "clone");
        _blog.Git("clone", "--quiet", "--depth=1", $"file://{_blog.Folder}", clone);
        _blog.Git("-C", clone, "remote", "remove", "origin");
        Ran shallow = _blog.KlockIn(clone, "acquire", "--file", "a");
        Assert.Contains("KLOCK_NAMESPACE", shallow.Failed(2), StringComparison.Ordinal);
    }

    private static string? NamespaceOf(Ran granted) =>
        granted.Well().Json.GetProperty("data").TryGetProperty("namespace", out JsonElement name) ? name.GetString() : null;

    private static string RootCommit(Place place)
    {
        using Running git = place.StartOther("git", "rev-list", "--max-parents=0", "HEAD");
        return git.End().Well().Out.Trim();
    }
}
