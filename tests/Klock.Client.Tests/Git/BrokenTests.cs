using System.Runtime.Versioning;
using Klock.Client.Places;
using Klock.Client.Tests.Support;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Tests.Git;

/// <summary>A repository that cannot be determined is an error that names what is missing, and never another store.</summary>
public sealed class BrokenTests : IDisposable
{
    private readonly Ground _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void A_pointer_to_nothing()
    {
        _ground.Write("gitdir: ../elsewhere/worktrees/x\n", "tree", ".git");
        IsRefused(_ground.At("tree", "src", "a.c"), _ground.At("tree", ".git"), _ground.At("elsewhere", "worktrees", "x"));
    }

    [Fact]
    public void A_link_to_nothing()
    {
        _ground.Folder("tree");
        File.CreateSymbolicLink(_ground.At("tree", ".git"), "/klock-no-such-folder");
        IsRefused(_ground.At("tree", "a.c"), _ground.At("tree", ".git"), "/klock-no-such-folder");
    }

    [Fact]
    public void A_work_tree_whose_repository_is_gone()
    {
        string git = _ground.Repository("repo");
        _ground.Git(git, "worktree", "add", "--quiet", "../tree");
        Directory.Delete(_ground.At("repo", ".git", "worktrees"), recursive: true);
        IsRefused(_ground.At("tree", "a.c"), _ground.At("repo", ".git", "worktrees", "tree"));
    }

    [Fact]
    public void A_common_directory_that_is_gone()
    {
        _ground.Write("../../../gone\n", "git", "worktrees", "x", "commondir");
        _ground.Write("gitdir: ../git/worktrees/x\n", "tree", ".git");
        IsRefused(_ground.At("tree", "a.c"), _ground.At("gone"), "commondir");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a pointer")]
    [InlineData("GITDIR: x")]
    public void A_file_that_is_no_pointer(string text)
    {
        _ground.Write(text, "tree", ".git");
        IsRefused(_ground.At("tree", "a.c"), _ground.At("tree", ".git"), "gitdir:");
    }

    [Fact]
    public void A_submodule_without_its_superproject()
    {
        string lib = _ground.Repository("lib");
        string super = _ground.Repository("super");
        _ground.Submodule(super, lib, "vendor/lib");
        Directory.Move(Path.Combine(super, "vendor", "lib"), _ground.At("alone"));
        File.WriteAllText(_ground.At("alone", ".git"), $"gitdir: {super}/.git/modules/vendor/lib\n");
        IsRefused(_ground.At("alone", "a.c"), _ground.At("alone"), Path.Combine(super, ".git"));
    }

    [Fact]
    public void A_pipe()
    {
        _ground.Folder("tree");
        using var made = System.Diagnostics.Process.Start("mkfifo", _ground.At("tree", ".git"));
        Assert.True(made.WaitForExit(10_000));
        IsRefused(_ground.At("tree", "a.c"), _ground.At("tree", ".git"));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void What_may_not_be_read()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");
        string closed = _ground.Repository("closed", "repo");
        File.SetUnixFileMode(_ground.At("closed"), UnixFileMode.None);
        try
        {
            Assert.Equal(ErrorCode.InvalidRequest, Asked.Refused(Path.Combine(closed, "a.c")).Code);
        }
        finally
        {
            File.SetUnixFileMode(_ground.At("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void IsRefused(string path, params string[] names)
    {
        KlockException refused = Asked.Refused(path);
        Assert.Equal(ErrorCode.StorageUnavailable, refused.Code);
        Assert.All(names, name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
        string folder = Path.GetDirectoryName(path)!;
        Assert.Throws<KlockException>(() => Locator.Here(folder, Asked.Environment()));
        Assert.Throws<KlockException>(() => AutoStorage.Prepare(folder, Asked.Environment()));
    }
}
