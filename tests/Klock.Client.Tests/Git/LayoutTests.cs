using Klock.Client.Tests.Support;
using Klock.Coordinator.Protocol;

namespace Klock.Client.Tests.Git;

/// <summary>Real repositories of every layout: top, store and name are what git itself says of its work trees and superprojects.</summary>
public sealed class LayoutTests(LayoutTests.Layouts layouts) : IClassFixture<LayoutTests.Layouts>
{
    [Theory]
    [InlineData("plain")]
    [InlineData("plain/src/deep")]
    [InlineData("linked")]
    [InlineData("plain/inside")]
    [InlineData("plain/inside/src")]
    [InlineData("super")]
    [InlineData("super/vendor/lib")]
    [InlineData("super/vendor/lib/src")]
    [InlineData("super/vendor/lib/deep/inner")]
    [InlineData("super/modules/odd")]
    [InlineData("super-linked")]
    [InlineData("super-linked/vendor/lib")]
    [InlineData("super-linked/vendor/lib/deep/inner")]
    [InlineData("super/clone")]
    [InlineData("super/vendor/lib/clone")]
    [InlineData("separate")]
    [InlineData("separate/lib")]
    [InlineData("of-bare")]
    [InlineData("of-bare/lib")]
    [InlineData("hidden-bare/main")]
    [InlineData("with-link")]
    [InlineData("moved")]
    public void It_is_where_git_says(string folder)
    {
        string here = layouts.Ground.Folder(folder.Split('/'));
        (string root, string common) = Git(here);
        string file = Path.Combine(here, "new.c");
        Assert.Equal((Path.GetRelativePath(root, file), root, Path.Combine(common, "klock")), Asked.Of(file));
        Assert.Equal(Asked.Of(file), Asked.Of("new.c", here));
        Assert.Equal(Asked.Of(file), Asked.Of("./x/../new.c", here, "GIT_DIR=/tmp", "GIT_WORK_TREE=/tmp", "GIT_COMMON_DIR=/tmp"));
        Assert.Equal((Path.GetRelativePath(root, here), root), (Asked.Of(here).Name, Asked.Of(here).Root));
    }

    // Of a second work tree of a submodule git knows no superproject. Its files are the submodule's, and so have their names.
    [Theory]
    [InlineData("lib-linked", "super/vendor/lib")]
    [InlineData("super/vendor/lib/inside", "super/vendor/lib")]
    [InlineData("inner-linked", "super/vendor/lib/deep/inner")]
    public void Work_trees_of_a_submodule_agree_with_the_submodule(string linked, string first)
    {
        string file = layouts.Ground.At(linked, "src", "new.c");
        Assert.Equal(Asked.Of(layouts.Ground.At(first, "src", "new.c")), Asked.Of(file));
        Assert.Equal(layouts.Ground.At("super"), Asked.Of(file).Root);
    }

    [Theory]
    [InlineData("linked", null)]
    [InlineData("plain/inside", "inside/new.c")]
    [InlineData("super-linked", null)]
    [InlineData("super-linked/vendor/lib", null)]
    [InlineData("lib-linked", null)]
    [InlineData("super/vendor/lib/inside", "vendor/lib/inside/new.c")]
    [InlineData("of-bare", null)]
    public void A_linked_work_tree_has_names_of_its_own_where_that_is_wanted(string linked, string? name)
    {
        string file = layouts.Ground.At(linked, "new.c");
        (string shared, string? root, string store) = Asked.Of(file);
        Assert.False(Path.IsPathRooted(shared));
        Assert.Equal((name ?? file, root, store), Asked.Of(file, cwd: null, "KLOCK_WORKTREES=separate"));
        Assert.Equal((shared, root, store), Asked.Of(file, cwd: null, "KLOCK_WORKTREES=share"));
        KlockException wrong = Assert.Throws<KlockException>(() => Asked.Of(file, cwd: null, "KLOCK_WORKTREES=some"));
        Assert.Equal("KLOCK_WORKTREES is 'some': it must be share or separate.", wrong.Message);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("super/vendor/lib")]
    [InlineData("separate")]
    [InlineData("with-link")]
    public void The_first_work_tree_never_has(string first)
    {
        string file = layouts.Ground.At(first, "new.c");
        Assert.Equal(Asked.Of(file), Asked.Of(file, cwd: null, "KLOCK_WORKTREES=separate"));
    }

    // A commit of the outer repository that git calls a submodule's, while the inner one keeps its own .git: `git add` makes that by
    // accident, and what is held in the inner one's store must not lose its name over it.
    [Fact]
    public void A_clone_that_was_added_stays_its_own()
    {
        string outer = layouts.Ground.Repository("outer");
        string inner = layouts.Ground.Repository("outer", "inner");
        (string, string?, string) before = Asked.Of(Path.Combine(inner, "a.c"));
        layouts.Ground.Git(outer, "add", "inner");
        Assert.Equal(outer, layouts.Ground.Git(inner, "rev-parse", "--show-superproject-working-tree"));
        Assert.Equal(before, Asked.Of(Path.Combine(inner, "a.c")));
        Assert.Equal(("a.c", inner, Path.Combine(inner, ".git", "klock")), before);
    }

    [Fact]
    public void What_lies_in_a_bare_repository_is_named_by_its_path_in_the_store_of_its_work_trees()
    {
        string hook = layouts.Ground.At("bare.git", "hooks", "update");
        Assert.Equal((hook, null, layouts.Ground.At("bare.git", "klock")), Asked.Of(hook));
        Assert.Equal(Asked.Of(layouts.Ground.At("of-bare", "a.c")).Store, Asked.Of(hook).Store);
    }

    [Fact]
    public void A_bare_repository_among_the_files_of_another_is_files_of_that_one()
    {
        layouts.Ground.Git(layouts.Ground.Folder("plain", "fixture.git"), "init", "--quiet", "--bare");
        Assert.Equal("fixture.git/HEAD", Asked.Of(layouts.Ground.At("plain", "fixture.git", "HEAD")).Name);
    }

    [Fact]
    public void A_subtree_is_located_as_its_folder()
    {
        string super = layouts.Ground.At("super");
        Assert.Equal(("vendor/**", super), (Asked.Of("vendor/**", super).Name, Asked.Of("vendor/**", super).Root));
        Assert.Equal("vendor/lib/**", Asked.Of("**", Path.Combine(super, "vendor", "lib")).Name);
        Assert.Equal("**", Asked.Of("**", super).Name);
    }

    [Fact]
    public void Links_into_a_repository_lead_into_it()
    {
        string lib = layouts.Ground.At("super", "vendor", "lib");
        Directory.CreateSymbolicLink(layouts.Ground.At("link"), lib);
        Assert.Equal(Asked.Of(Path.Combine(lib, "new.c")), Asked.Of(layouts.Ground.At("link", "new.c")));
        Assert.Equal(Asked.Of(Path.Combine(lib, "new.c")), Asked.Of("new.c", layouts.Ground.At("link")));
    }

    private (string Root, string Common) Git(string folder)
    {
        string top = layouts.Ground.Git(folder, "rev-parse", "--show-toplevel");
        while (layouts.Ground.Git(top, "rev-parse", "--show-superproject-working-tree") is { Length: > 0 } above)
        {
            top = above;
        }

        string common = layouts.Ground.Git(top, "rev-parse", "--git-common-dir");
        return (top, Files.RealPath.Resolve(Path.GetFullPath(Path.Combine(top, common))));
    }

    /// <summary>All of them, made once.</summary>
    public sealed class Layouts : IDisposable
    {
        public Layouts()
        {
            MakePlain();
            MakeSuper();
            MakeOthers();
        }

        public Ground Ground { get; } = new();

        public void Dispose() => Ground.Dispose();

        private void MakePlain()
        {
            string plain = Ground.Repository("plain");
            Ground.Git(plain, "worktree", "add", "--quiet", "../linked");
            Ground.Git(plain, "worktree", "add", "--quiet", "inside");
            Directory.Move(Ground.Repository("before"), Ground.At("moved"));
        }

        private void MakeSuper()
        {
            string inner = Ground.Repository("sources", "inner");
            string lib = Ground.Repository("sources", "lib");
            Ground.Submodule(lib, inner, "deep/inner");
            string super = Ground.Repository("super");
            Ground.Submodule(super, lib, "vendor/lib");
            Ground.Submodule(super, inner, "modules/odd", "--name", "modules/odd");
            Ground.Git(super, "submodule", "--quiet", "update", "--init", "--recursive");
            Ground.Git(super, "worktree", "add", "--quiet", "../super-linked");
            Ground.Git(Ground.At("super-linked"), "submodule", "--quiet", "update", "--init", "--recursive");
            Ground.Git(Ground.At("super", "vendor", "lib"), "worktree", "add", "--quiet", Ground.At("lib-linked"));
            Ground.Git(Ground.At("super", "vendor", "lib"), "worktree", "add", "--quiet", "inside");
            Ground.Git(Ground.At("super", "vendor", "lib", "deep", "inner"), "worktree", "add", "--quiet", Ground.At("inner-linked"));
            Ground.Git(super, "clone", "--quiet", inner, "clone");
            Ground.Git(Ground.At("super", "vendor", "lib"), "clone", "--quiet", inner, "clone");
        }

        private void MakeOthers()
        {
            string inner = Ground.At("sources", "inner");
            Ground.Git(Ground.Top, "clone", "--quiet", "--separate-git-dir=kept-apart", inner, "separate");
            Ground.Submodule(Ground.At("separate"), inner, "lib");
            Ground.Git(Ground.Top, "clone", "--quiet", "--bare", inner, "bare.git");
            Ground.Git(Ground.At("bare.git"), "worktree", "add", "--quiet", Ground.At("of-bare"));
            Ground.Submodule(Ground.At("of-bare"), inner, "lib");
            Ground.Folder("hidden-bare");
            Ground.Git(Ground.At("hidden-bare"), "clone", "--quiet", "--bare", inner, ".bare");
            Ground.Write("gitdir: ./.bare\n", "hidden-bare", ".git");
            Ground.Git(Ground.At("hidden-bare"), "worktree", "add", "--quiet", "main");
            Ground.Repository("with-link");
            Directory.Move(Ground.At("with-link", ".git"), Ground.At("linked-to"));
            Directory.CreateSymbolicLink(Ground.At("with-link", ".git"), "../linked-to");
        }
    }
}
