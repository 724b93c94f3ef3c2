using Klock.Client.Git;
using Klock.Client.Tests.Support;

namespace Klock.Client.Tests.Git;

/// <summary>A repository has one name, in whatever way it was cloned.</summary>
public sealed class OriginNameTests : IDisposable
{
    private readonly Ground _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("https://github.com/acme/shop.git")]
    [InlineData("https://github.com/acme/shop")]
    [InlineData("https://github.com/acme/shop/")]
    [InlineData("https://GitHub.com/acme/shop.git/")]
    [InlineData("https://ann:secret@github.com:443/acme/shop.git")]
    [InlineData("https://token@github.com/acme/shop?x=secret#y")]
    [InlineData("http://github.com/acme/shop")]
    [InlineData("git://github.com/acme/shop.git")]
    [InlineData("ssh://git@github.com/acme/shop.git")]
    [InlineData("ssh://git@github.com:22/acme/shop.git")]
    [InlineData("git+ssh://git@github.com/acme/shop")]
    [InlineData("git@github.com:acme/shop.git")]
    [InlineData("github.com:acme/shop")]
    [InlineData("git@github.com:/acme/shop.git")]
    [InlineData(" git@github.com:acme/shop.git ")]
    [InlineData("foo::https://github.com/acme/shop")]
    public void Of_one_host_and_path(string url) => Assert.Equal("github.com/acme/shop", OriginName.Of(url));

    [Theory]
    [InlineData("ssh://git@[2001:DB8::1]:22/shop.git", "[2001:db8::1]/shop")]
    [InlineData("git@[::1]:shop.git", "[::1]/shop")]
    [InlineData("https://example.org/group/sub/shop.git", "example.org/group/sub/shop")]
    [InlineData("https://example.org:8443/", "example.org")]
    [InlineData("https://example.org", "example.org")]
    [InlineData("ssh://host/~ann/shop", "host/~ann/shop")]
    [InlineData("/srv/git/shop.git", "/srv/git/shop")]
    [InlineData("/srv/shop/.git", "/srv/shop")]
    [InlineData("file:///srv/git/shop.git", "/srv/git/shop")]
    [InlineData("../shop.git", "../shop")]
    [InlineData("./a:b", "./a:b")]
    [InlineData("C:/git/shop.git", "C:/git/shop")]
    [InlineData("https://example.org/Acme/Shop", "example.org/Acme/Shop")]
    public void Of_others(string url, string name) => Assert.Equal(name, OriginName.Of(url));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("https://")]
    [InlineData("https://example.org/a\tb")]
    public void Of_what_is_none(string url) => Assert.Null(OriginName.Of(url));

    [Fact]
    public void A_name_is_at_most_256_bytes()
    {
        Assert.Equal(256, OriginName.Of("https://h/" + new string('x', 254))!.Length);
        Assert.Null(OriginName.Of("https://h/" + new string('x', 255)));
    }

    [Theory]
    [InlineData("[remote \"origin\"]\n\turl = https://example.org/a.git\n", "https://example.org/a.git")]
    [InlineData("[REMOTE \"origin\"] URL=x ; why\n", "x")]
    [InlineData("[remote \"Origin\"]\n url = x\n[remote \"origin\"] # here\n url = y z  \n", "y z")]
    [InlineData("[remote.ORIGIN]\nurl = x\n", "x")]
    [InlineData("[remote \"origin\"]\nurl = \"a # b\" \\\n c\n", "a # b  c")]
    [InlineData("[remote \"origin\"]\nurl = first\nurl = second\n", "first")]
    [InlineData("[remote \"origin\"]\nurl = first\nurl =\nurl = second\n", "second")]
    [InlineData("[remote \"origin\"]\nfetch = x\npushurl = y\n[core]\nurl = z\n", null)]
    [InlineData("[remote \"a\\\"b\"]\nurl = x\n", null)]
    [InlineData("[remote \"origin\"]\nurl = a\\tb\\\\c\n", "a\tb\\c")]
    [InlineData("\uFEFF[remote \"origin\"]\r\n\turl = x\r\n", "x")]
    [InlineData("[remote \"origin\"\nurl = x\n= y\n\"\n[", "x")]
    public void The_config_is_read_as_git_reads_it(string text, string? url) =>
        Assert.Equal(url, GitConfig.Of(text).First("remote", "origin", "url"));

    [Fact]
    public void Without_an_origin_it_is_the_first_commit_of_the_main_work_tree_in_all_of_them()
    {
        string repo = _ground.Repository("repo");
        string first = _ground.Git(repo, "rev-list", "--max-parents=0", "HEAD").Trim();
        _ground.Git(repo, "worktree", "add", "--quiet", "--detach", "../linked");
        _ground.Git(_ground.At("linked"), "checkout", "--quiet", "--orphan", "other");
        _ground.Git(_ground.At("linked"), "commit", "--quiet", "--allow-empty", "-m", "another first one");
        Assert.All([repo, _ground.At("linked")], folder => Assert.Equal(first, Asked.Where("a", folder).NamespaceOfRepository()));
        Assert.Null(Asked.Where("a", repo).Namespace());
        _ground.Git(repo, "remote", "add", "origin", "git@example.org:acme/repo.git");
        Assert.Equal("example.org/acme/repo", Asked.Where("a", _ground.At("linked")).NamespaceOfRepository());
        Assert.Null(Asked.Where("a", _ground.At()).NamespaceOfRepository());
    }

    [Fact]
    public void Every_work_tree_and_submodule_has_the_name_of_the_outermost_origin()
    {
        string lib = _ground.Repository("lib");
        string super = _ground.Repository("super");
        Assert.Null(Asked.Where("a", super).Namespace());
        _ground.Submodule(super, lib, "vendor/lib");
        _ground.Git(super, "worktree", "add", "--quiet", "../linked");
        _ground.Git(super, "remote", "add", "origin", "git@example.org:acme/super.git");
        string[] folders = [super, Path.Combine(super, "vendor", "lib"), _ground.At("linked")];
        Assert.All(folders, folder => Assert.Equal("example.org/acme/super", Asked.Where("a", folder).Namespace()));
        Assert.Equal("mine", Asked.Where("a", super, "KLOCK_NAMESPACE=mine").Namespace());
        Assert.Equal("example.org/acme/super", Asked.Where("a", super, "KLOCK_NAMESPACE=").Namespace());
        Assert.Contains("KLOCK_NAMESPACE", Assert.Throws<Klock.Coordinator.Protocol.KlockException>(
            () => Asked.Where("a", super, "KLOCK_NAMESPACE=" + new string('x', 257)).Namespace()).Message, StringComparison.Ordinal);
    }
}
