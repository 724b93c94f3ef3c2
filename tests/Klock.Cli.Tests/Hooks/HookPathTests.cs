using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>Files of any name and place: one agent holds it, another is refused.</summary>
public sealed class HookPathTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public HookPathTests() => _place.Environment["KLOCK_WAIT"] = "0s";

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("a.txt")]
    [InlineData("./sub/../a.txt")]
    [InlineData("new/in/new/folders.txt")]
    [InlineData("a #1.txt")]
    [InlineData("app/[id]/page.tsx")]
    [InlineData("two words")]
    [InlineData("'quoted' \"twice\" $HOME")]
    [InlineData("日本/é.txt")]
    public void AFileOfAnyNameIsHeldByOne(string name)
    {
        foreach (string path in new[] { name, _place.At(name) })
        {
            Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Write", path).Well()));
            Assert.Contains("claude:s ", HookCall.Blocks(HookCall.Tool(_place, "Write", path, "other").Well()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ALinkIsTheFileItLeadsTo()
    {
        File.WriteAllText(_place.At("a.txt"), "x");
        File.CreateSymbolicLink(_place.At("link"), "a.txt");
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Edit", "link")));
        Assert.NotNull(HookCall.Blocks(HookCall.Tool(_place, "Edit", "a.txt", "other")));
    }

    [Fact]
    public void ALinkThatLeadsNowhereOrToItselfIsAnsweredInTime()
    {
        File.CreateSymbolicLink(_place.At("nowhere"), "gone.txt");
        File.CreateSymbolicLink(_place.At("loop"), "loop");
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Edit", "nowhere")));
        Assert.Equal(0, HookCall.Tool(_place, "Edit", "loop").Code);
    }

    [Fact]
    public void WorkTreesOfOneRepositoryShareTheirFiles()
    {
        _place.Commit();
        string tree = Path.Combine(_place.Top, "tree");
        _place.Git("worktree", "add", "--quiet", tree);
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Edit", Path.Combine(tree, "a.ts"))));
        Assert.NotNull(HookCall.Blocks(HookCall.Tool(_place, "Edit", "a.ts", "other")));
    }

    // Hooks and commands alike, by the variable and by the file.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WorkTreesAreSeparateWhereThatIsWanted(bool byFile)
    {
        if (byFile)
        {
            // In the first work tree alone: the others must agree.
            File.WriteAllText(_place.At(".klock.toml"), "worktrees = \"separate\"\n");
        }
        else
        {
            _place.Environment["KLOCK_WORKTREES"] = "separate";
        }

        _place.Commit();
        string tree = Path.Combine(_place.Top, "tree");
        _place.Git("worktree", "add", "--quiet", tree);
        string there = Path.Combine(tree, "a.ts");
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Edit", there)));
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Edit", "a.ts", "other")));
        Assert.NotNull(HookCall.Blocks(HookCall.Tool(_place, "Edit", there, "third")));
        _place.KlockIn(tree, "acquire", "--file", "a.ts").Failed(11);
        _place.KlockIn(tree, "acquire", "--file", "b.ts").Well();
        _place.Klock("acquire", "--file", "b.ts").Well();
    }

    [Fact]
    public void AFileOutsideOfEveryRepositoryIsInTheUsersStore()
    {
        string path = Path.Combine(_place.Top, "out.txt");
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Write", path).Well()));
        Assert.True(File.Exists(Path.Combine(_place.Home, ".local", "state", "klock", "klock.db")));
        Assert.NotNull(HookCall.Blocks(HookCall.Tool(_place, "Write", path, "other").Well()));
    }

    // Of a folder that is gone nobody can tell the repository: an answer, not a crash.
    [Fact]
    public void AFolderThatIsGoneIsAnswered()
    {
        string text = HookCall.Event(_place, "Edit", "a.txt").Replace(_place.Folder, _place.At("gone"), StringComparison.Ordinal);
        Ran ran = _place.KlockWith(text, "hook", "claude", "PreToolUse");
        Assert.Equal(0, ran.Code);
        Assert.DoesNotContain("defect", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a*b.txt")]
    [InlineData("a\0b")]
    public void AFileThatNoLeaseCanNameIsNotWrittenAndMayBeRead(string path)
    {
        Assert.DoesNotContain("defect", HookCall.Refused(HookCall.Tool(_place, "Write", path)), StringComparison.Ordinal);
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Read", path).Well()));
    }

    [Fact]
    public void AVeryLongPathIsRefused()
    {
        Ran ran = HookCall.Tool(_place, "Write", new string('a', 100_000));
        Assert.DoesNotContain("defect", HookCall.Refused(ran), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderAndADeviceAreAnswered()
    {
        Assert.Equal(0, HookCall.Tool(_place, "Write", _place.Folder).Code);
        Assert.Equal(0, HookCall.Tool(_place, "Write", "/dev/null").Code);
        Assert.Equal(0, HookCall.Tool(_place, "Read", "/dev/zero").Code);
        using Running make = _place.StartOther("mkfifo", "pipe");
        make.End().Well();
        Assert.Equal(0, HookCall.Tool(_place, "Write", "pipe").Code);
    }
}
