using System.Text;
using System.Text.Json;
using Klock.Client.Tests.Support;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Tests;

/// <summary>Raw calls with absolute paths and facades, which say relative ones, meet on one store.</summary>
public sealed class StoreRootTests : IDisposable
{
    private readonly Ground _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void Absolute_paths_in_the_repository_are_relative_to_its_top()
    {
        string repo = _ground.Repository("repo");
        using LeaseCoordinator store = Open(cwd: _ground.Folder("repo", "src"));
        Assert.Equal("FILE:src/a.c", Take(store, "FILE", Path.Combine(repo, "src", "a.c")));
        Assert.Equal("FILE:src/x/**", Take(store, "FILE", repo + "//src/x/./**"));
        Assert.Equal("SYMBOL:b.c#f", Take(store, "SYMBOL", Path.Combine(repo, "b.c#f")));
        IsRefused(store, "b.c", "SYMBOL:b.c#f");
        IsRefused(store, "src/a.c", "FILE:src/a.c");
        IsRefused(store, repo + "/**", "FILE:src/a.c");
    }

    [Theory]
    [InlineData("FILE", "/a")]
    [InlineData("FILE", "{repo}2/a.c")]
    [InlineData("FILE", "{top}/a.c")]
    [InlineData("SYMBOL", "{repo}/login")]
    [InlineData("CUSTOM", "{repo}/a.c")]
    [InlineData("API_ENDPOINT", "{repo}")]
    [InlineData("FILE", "repo/a.c")]
    public void Everything_else_stays_as_it_is(string type, string path)
    {
        path = path.Replace("{repo}", _ground.Repository("repo"), StringComparison.Ordinal)
            .Replace("{top}", _ground.Top, StringComparison.Ordinal);
        using LeaseCoordinator store = Open(cwd: _ground.At("repo"));
        Assert.Equal($"{type}:{path}", Take(store, type, path));
    }

    [Fact]
    public void Outside_of_a_repository_there_is_none_by_default()
    {
        using LeaseCoordinator store = Open(cwd: _ground.Folder("plain"));
        Assert.Equal($"FILE:{_ground.At("plain", "a.c")}", Take(store, "FILE", _ground.At("plain", "a.c")));
    }

    [Fact]
    public void A_root_that_is_said_need_be_no_repository_and_not_be_there()
    {
        File.CreateSymbolicLink(_ground.At("link"), _ground.Folder("plain"));
        using (LeaseCoordinator store = Open(root: "link", cwd: _ground.Top))
        {
            Assert.Equal("FILE:a.c", Take(store, "FILE", _ground.At("link", "a.c")));
            Assert.Equal("FILE:b.c", Take(store, "FILE", _ground.At("plain", "b.c")));
        }

        using LeaseCoordinator other = Open(root: "/klock-no-such-folder/repo/");
        Assert.Equal("FILE:a.c", Take(other, "FILE", "/klock-no-such-folder/repo/a.c"));
        using LeaseCoordinator all = Open(root: "/");
        Assert.Equal("FILE:a/b.c", Take(all, "FILE", "/a/b.c"));
    }

    // A lease by an absolute path and one by a facade's name are the same file's, whatever work tree each of the two is in.
    [Fact]
    public void Every_spelling_has_the_name_that_facades_give_the_file()
    {
        string lib = _ground.Repository("lib");
        string super = _ground.Repository("super");
        _ground.Submodule(super, lib, "vendor/lib");
        File.CreateSymbolicLink(_ground.At("into"), Path.Combine(super, "vendor"));
        string[] folders =
        [
            super, Path.Combine(super, "vendor", "lib"), _ground.At("into"), _ground.At("into", "lib"),
        ];
        foreach (string cwd in folders)
        {
            using LeaseCoordinator store = Open(cwd: cwd);
            Assert.All(folders, folder => IsNamedAsFacadesDo(store, cwd, Path.Combine(folder, "x.c")));
        }
    }

    [Fact]
    public void Work_trees_agree_also_those_that_come_later_and_lie_in_another()
    {
        string repo = _ground.Repository("repo");
        _ground.Git(repo, "worktree", "add", "--quiet", "../linked");
        using LeaseCoordinator store = Open(cwd: _ground.At("linked"));
        Assert.Equal("FILE:1.c", Take(store, "FILE", Path.Combine(repo, "1.c")));
        Assert.Equal("FILE:2.c", Take(store, "FILE", _ground.At("linked", "2.c")));
        _ground.Git(repo, "worktree", "add", "--quiet", ".trees/new");
        Thread.Sleep(200);
        Assert.Equal("FILE:3.c", Take(store, "FILE", Path.Combine(repo, ".trees", "new", "3.c")));
        Assert.Equal("4.c", Asked.Of(Path.Combine(repo, ".trees", "new", "4.c")).Name);
    }

    // A memory store, or one that is named, is not the repository's. It opens; whoever needs the repository is refused.
    [Fact]
    public void Where_the_repository_cannot_be_told_there_is_none()
    {
        string pointer = _ground.Write("gitdir: /klock-no-such-folder\n", "tree", ".git");
        using LeaseCoordinator store = Open(cwd: Path.GetDirectoryName(pointer));
        Assert.Equal($"FILE:{_ground.At("tree", "a.c")}", Take(store, "FILE", _ground.At("tree", "a.c")));
    }

    [Fact]
    public void Manifests_and_filters_know_it_too()
    {
        string repo = _ground.Repository("repo");
        using LeaseCoordinator store = Open(cwd: repo);
        JsonElement all = Ask(store, Operation.AcquireAll, "{\"agent_id\":\"a\",\"session_id\":\"s\",\"ttl\":60000,\"intents\":["
            + $"{{\"predicate\":\"MUTATES\",\"resource_type\":\"FILE\",\"resource_path\":\"{repo}/a.c\"}}]}}");
        Assert.Equal("FILE:a.c", all.GetProperty("data").GetProperty("leases")[0].GetProperty("resource").GetString());
        Assert.Equal(1, Ask(store, Operation.ListLeases, $"{{\"resource\":\"FILE:{repo}/a.c\"}}").GetProperty("data").GetArrayLength());
        Assert.Equal(0, Ask(store, Operation.ListLeases, $"{{\"resource\":\"FILE:{repo}/b.c\"}}").GetProperty("data").GetArrayLength());
    }

    private void IsNamedAsFacadesDo(LeaseCoordinator store, string cwd, string path)
    {
        // Raw calls follow no links. That by which the store was opened in its folder is known, and no other.
        string link = _ground.At("into");
        bool isKnown = !path.StartsWith(link, StringComparison.Ordinal) || cwd.StartsWith(link, StringComparison.Ordinal);
        string name = Take(store, "FILE", path);
        Assert.Equal(isKnown ? $"FILE:{Asked.Of(path).Name}" : $"FILE:{path}", name);
    }

    private static LeaseCoordinator Open(string? root = null, string? cwd = null) => Stores.Open(
        new OpenOptions(OpenOptions.Memory, BindToProcess: true, cwd, root), Asked.Environment(), TimeProvider.System, KernelRandom.Shared);

    private static string Take(LeaseCoordinator store, string type, string path) =>
        Acquire(store, "a", type, path).GetProperty("data").GetProperty("resource").GetString()!;

    private static void IsRefused(LeaseCoordinator store, string path, string inTheWay)
    {
        JsonElement answer = Acquire(store, "b", "FILE", path);
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.Contains(answer.GetProperty("conflicts").EnumerateArray(), one => one.GetProperty("resource").GetString() == inTheWay);
    }

    private static JsonElement Acquire(LeaseCoordinator store, string agent, string type, string path) => Ask(
        store, Operation.Acquire,
        $"{{\"agent_id\":\"{agent}\",\"session_id\":\"s\",\"resource_type\":\"{type}\",\"resource_path\":\"{path}\","
        + "\"predicate\":\"MUTATES\",\"ttl\":60000}");

    private static JsonElement Ask(LeaseCoordinator store, Operation operation, string request)
    {
        var reply = new Reply();
        store.Execute(operation, Encoding.UTF8.GetBytes(request), reply);
        return JsonDocument.Parse(reply.Text).RootElement;
    }
}
