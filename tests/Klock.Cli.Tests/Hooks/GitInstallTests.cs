using System.Runtime.Versioning;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>
/// <c>klock install git</c> beside hooks of every kind: they run as before, and <c>--remove</c> brings the very bytes back.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class GitInstallTests : IDisposable
{
    private const UnixFileMode Program = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;

    // What each writes to "../ran" shows that it ran, with its arguments and its name.
    private const string Mark = "echo \"ran $# $(basename \"$0\")\" >> ../ran";

    private readonly GitPlace _repo = new(installs: false);

    public void Dispose() => _repo.Dispose();

    [Fact]
    public void WithoutHooksTheyAreMadeAndRemovedAgain()
    {
        string[] before = Hooks();
        string made = _repo.Place.Klock("install", "git").Well().Out;
        Assert.Contains($"made: {_repo.Hook}", made, StringComparison.Ordinal);
        Assert.Contains("+   klock hook git pre-commit", made, StringComparison.Ordinal);
        Refuses();
        Assert.DoesNotContain("made", _repo.Place.Klock("install", "git").Well().Out, StringComparison.Ordinal);
        Assert.Contains($"removed: {_repo.Hook}", _repo.Place.Klock("install", "git", "--remove").Well().Out, StringComparison.Ordinal);
        Assert.Equal(before, Hooks());
        Assert.DoesNotContain("removed", _repo.Place.Klock("install", "git", "--remove").Well().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void PrintingChangesNothing()
    {
        Put(_repo.Hook, "#!/usr/bin/python3\n", Program);
        string[] before = Hooks();
        string shown = _repo.Place.Klock("install", "git", "--print").Well().Out;
        Assert.Contains($"would be kept: {_repo.Hook}.before-klock", shown, StringComparison.Ordinal);
        Assert.Contains($"would be made: {_repo.Hook}", shown, StringComparison.Ordinal);
        Assert.Equal(before, Hooks());
    }

    public static TheoryData<string, bool> Kinds => new()
    {
        { $"#!/bin/sh\n{Mark}\n", true },
        { $"#! /bin/bash -eu\nset -o pipefail\n{Mark}", true },
        { $"#!/usr/bin/env bash\n# no end of line at the end\n{Mark}", true },
        { $"#!/bin/sh\n{Mark} # \u00e4\n", true },
        { $"{Mark}\n", false }, // no shebang: a shell runs it
        { $"#!/usr/bin/env -S sh -e\n{Mark}\n", false },
        { "#!/usr/bin/python3\nimport sys\nopen('../ran', 'a').write(f'ran {len(sys.argv) - 1} pre-commit.before-klock\\n')\n", false },
        { "#!/bin/sh", false }, // nothing but its first line
    };

    [Theory, MemberData(nameof(Kinds))]
    public void AHookThatIsThereStillRunsAndComesBack(string text, bool isInPlace)
    {
        Put(_repo.Hook, text, Program);
        string[] before = Hooks();
        _repo.Place.Klock("install", "git").Well();
        Assert.Equal(isInPlace, !File.Exists($"{_repo.Hook}.before-klock"));
        _repo.Place.Klock("install", "git").Well();
        Refuses();
        if (text.Contains("ran", StringComparison.Ordinal))
        {
            Assert.False(File.Exists(Path.Combine(_repo.Place.Top, "ran")));
            _repo.Git(null, "commit", "-q", "--allow-empty", "-m", "x");
            Assert.Equal($"ran 0 pre-commit{(isInPlace ? "" : ".before-klock")}\n", File.ReadAllText(Path.Combine(_repo.Place.Top, "ran")));
        }

        _repo.Place.Klock("install", "git", "--remove").Well();
        Assert.Equal(before, Hooks());
    }

    [Theory]
    [InlineData("#!/bin/sh\nexit 3\n")]
    [InlineData("#!/usr/bin/python3\nimport sys\nsys.exit(3)\n")]
    public void ItsExitCodeCounts(string text)
    {
        Put(_repo.Hook, text, Program);
        _repo.Place.Klock("install", "git").Well();
        Assert.NotEqual(0, _repo.Git(null, "commit", "--allow-empty", "-m", "x").Code);
        Assert.Equal(1, _repo.Commits());
        Assert.Equal(3, _repo.Shell(null, "\"$1\"; exit $?", _repo.Hook).Code);
    }

    [Theory]
    [InlineData("#!/bin/sh\ncat > ../input; echo \"$1:$2\" >> ../input\n")]
    [InlineData("#!/usr/bin/python3\nimport sys\nopen('../input', 'w').write(sys.stdin.read() + ':'.join(sys.argv[1:]) + '\\n')\n")]
    public void ItsInputAndArgumentsAreItsOwn(string text)
    {
        Put(_repo.Hook, text, Program);
        _repo.Place.Klock("install", "git").Well();
        _repo.Shell(null, "printf 'in\\n' | \"$1\" 'a b' c", _repo.Hook).Well();
        Assert.Equal("in\na b:c\n", File.ReadAllText(Path.Combine(_repo.Place.Top, "input")));
    }

    // A program, of which no text can be made.
    [Fact]
    public void AProgramIsKeptBeside()
    {
        File.Copy("/bin/true", _repo.Hook);
        string[] before = Hooks();
        _repo.Place.Klock("install", "git").Well();
        Refuses();
        _repo.Git(null, "commit", "-q", "--allow-empty", "-m", "x").Well();
        _repo.Place.Klock("install", "git", "--remove").Well();
        Assert.Equal(before, Hooks());
    }

    [Theory]
    [InlineData("../../hook.sh", true)]
    [InlineData("nowhere", false)]
    public void ALinkStaysALinkAndWhatItLeadsToIsNotTouched(string target, bool runs)
    {
        string text = $"#!/bin/sh\n{Mark}\n";
        Put(_repo.Place.At("hook.sh"), text, Program);
        File.CreateSymbolicLink(_repo.Hook, target);
        string[] before = Hooks();
        _repo.Place.Klock("install", "git").Well();
        Assert.Equal(text, File.ReadAllText(_repo.Place.At("hook.sh")));
        Refuses();
        _repo.Git(null, "commit", "-q", "--allow-empty", "-m", "x").Well();
        Assert.Equal(runs, File.Exists(Path.Combine(_repo.Place.Top, "ran")));
        _repo.Place.Klock("install", "git", "--remove").Well();
        Assert.Equal(before, Hooks());
    }

    // git skips it, and so it stays.
    [Fact]
    public void AHookThatIsNotExecutableIsNotRunNow()
    {
        Put(_repo.Hook, "#!/bin/sh\nexit 1\n", UnixFileMode.UserRead);
        string[] before = Hooks();
        _repo.Place.Klock("install", "git").Well();
        Refuses();
        _repo.Git(null, "commit", "-q", "--allow-empty", "-m", "x").Well();
        _repo.Place.Klock("install", "git", "--remove").Well();
        Assert.Equal(before, Hooks());
    }

    [Fact]
    public void CarriageReturnsStay()
    {
        Put(_repo.Hook, "#!/bin/sh\r\nexit 0\r\n", Program);
        string[] before = Hooks();
        _repo.Place.Klock("install", "git").Well();
        Assert.True(File.Exists($"{_repo.Hook}.before-klock"));
        Refuses();
        _repo.Place.Klock("install", "git", "--remove").Well();
        Assert.Equal(before, Hooks());
    }

    [Fact]
    public void LinesThatWereAddedSinceStay()
    {
        _repo.Place.Klock("install", "git").Well();
        File.AppendAllText(_repo.Hook, $"{Mark}\n");
        _repo.Place.Klock("install", "git", "--remove").Well();
        Assert.EndsWith($"{Mark}\n", File.ReadAllText(_repo.Hook), StringComparison.Ordinal);
        Assert.DoesNotContain("klock hook", File.ReadAllText(_repo.Hook), StringComparison.Ordinal);
    }

    [Fact]
    public void AKlockElsewhereIsReplaced()
    {
        _repo.Place.Klock("install", "git").Well();
        string text = File.ReadAllText(_repo.Hook);
        Put(_repo.Hook, text.Replace(" klock hook", " /old/klock hook", StringComparison.Ordinal), Program);
        Assert.Contains("changed", _repo.Place.Klock("install", "git").Well().Out, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(_repo.Hook));
    }

    [Fact]
    public void WhatCannotBeChangedSafelyIsLeftWithWords()
    {
        // Its end is gone.
        Put(_repo.Hook, "#!/bin/sh\n# >>> klock install git >>>\nklock\n", Program);
        Left("and none");

        // A name is taken.
        Put(_repo.Hook, "#!/usr/bin/python3\n", Program);
        Put($"{_repo.Hook}.before-klock", "", Program);
        Left("there already");
        File.Delete($"{_repo.Hook}.before-klock");

        // A program that goes by its name.
        File.Delete(_repo.Hook);
        File.CreateSymbolicLink(_repo.Hook, "all-hooks");
        File.CreateSymbolicLink(_repo.Place.At(".git", "hooks", "pre-push"), "all-hooks");
        Left("goes by its name");
        File.Delete(_repo.Hook);

        Directory.CreateDirectory(_repo.Hook);
        Left("a folder");

        void Left(string why)
        {
            string[] before = Hooks();
            Assert.Contains(why, _repo.Place.Klock("install", "git").Failed(2), StringComparison.Ordinal);
            Assert.Equal(before, Hooks());
        }
    }

    [Theory]
    [InlineData(".githooks")]
    [InlineData(".husky/_")]
    [InlineData("with space/hooks")]
    public void WhereGitLooksIsObeyed(string folder)
    {
        _repo.Place.Git("config", "core.hooksPath", folder);
        string said = _repo.Place.Klock("install", "git").Well().Out;
        Assert.Equal(folder == ".husky/_", said.Contains("husky writes this folder anew", StringComparison.Ordinal));
        Assert.True(File.Exists(_repo.Place.At(folder, "pre-commit")));
        Assert.False(File.Exists(_repo.Hook));
        Refuses();
    }

    [Fact]
    public void AnAbsolutePathOfThisRepositoryIsObeyed()
    {
        string folder = Path.Combine(_repo.Place.Top, "hooks");
        _repo.Place.Git("config", "core.hooksPath", folder);
        _repo.Place.Klock("install", "git").Well();
        Assert.True(File.Exists(Path.Combine(folder, "pre-commit")));
    }

    [Fact]
    public void AFolderOfAllRepositoriesIsLeftAlone()
    {
        string folder = Path.Combine(_repo.Place.Top, "hooks");
        _repo.Place.Git("config", "--global", "core.hooksPath", folder);
        Assert.Contains("all your repositories", _repo.Place.Klock("install", "git").Failed(2), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void WorkTreesAndSubmodulesHaveTheirFolders()
    {
        _repo.Git(null, "worktree", "add", "-q", "../tree").Well();
        _repo.Place.KlockIn(Path.Combine(_repo.Place.Top, "tree"), "install", "git").Well();
        Assert.True(File.Exists(_repo.Hook));

        _repo.Git(null, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", _repo.Place.Folder, "sub").Well();
        string sub = Directory.CreateDirectory(_repo.Place.At("sub", "folder")).FullName;
        _repo.Place.KlockIn(sub, "install", "git").Well();
        Assert.True(File.Exists(_repo.Place.At(".git", "modules", "sub", "hooks", "pre-commit")));
    }

    [Fact]
    public void WhereNobodyCommitsThereIsNothingToInstall()
    {
        string bare = Path.Combine(_repo.Place.Top, "bare");
        _repo.Git(null, "init", "-q", "--bare", bare).Well();
        Assert.Contains("bare repository", _repo.Place.KlockIn(bare, "install", "git").Failed(2), StringComparison.Ordinal);
        Assert.Contains("no git repository", _repo.Place.KlockIn(_repo.Place.Home, "install", "git").Failed(2), StringComparison.Ordinal);
        Assert.Contains("none of a user", _repo.Place.Klock("install", "git", "--user").Failed(2), StringComparison.Ordinal);
    }

    // Who removes the program has not thought of the hooks.
    [Fact]
    public void AProgramThatIsGoneStopsNobody()
    {
        _repo.Place.Klock("install", "git").Well();
        string text = File.ReadAllText(_repo.Hook).Replace("klock hook", "/gone/klock hook", StringComparison.Ordinal)
            .Replace("command -v klock", "command -v /gone/klock", StringComparison.Ordinal);
        Put(_repo.Hook, text, Program);
        Ran ran = _repo.Git(null, "commit", "-q", "--allow-empty", "-m", "x");
        Assert.Equal(0, ran.Code);
        Assert.Contains("not found", ran.Error, StringComparison.Ordinal);
    }

    private void Refuses()
    {
        _repo.Hold("two", "a.txt");
        _repo.Put("a.txt", "theirs\n");
        Assert.Contains("claude:two holds it", _repo.Git("one", "commit", "-a", "-m", "x").Error, StringComparison.Ordinal);
        Assert.Equal(1, _repo.Commits());
        _repo.Place.KlockWith(HookCall.Event(_repo.Place, "Edit", _repo.Place.At("a.txt"), "two"), "hook", "claude", "Stop").Well();
        _repo.Git(null, "checkout", "-q", "a.txt").Well();
    }

    // Every name in the folder of hooks, with its mode, where it leads, and its bytes.
    private string[] Hooks() =>
    [
        .. new DirectoryInfo(_repo.Place.At(".git", "hooks")).EnumerateFileSystemInfos().OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => file.LinkTarget is { } target ? $"{file.Name} -> {target}"
                : $"{file.Name} {file.UnixFileMode} {(file is FileInfo ? Convert.ToHexString(File.ReadAllBytes(file.FullName)) : "")}"),
    ];

    private static void Put(string path, string text, UnixFileMode mode)
    {
        File.Delete(path);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
    }
}
