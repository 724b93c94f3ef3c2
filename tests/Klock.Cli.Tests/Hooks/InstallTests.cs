using System.Runtime.Versioning;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary><c>klock install</c> on real settings files: it adds and removes its own, and leaves every other byte.</summary>
public sealed class InstallTests : IDisposable
{
    private const string Claudes = ".claude/settings.json";

    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    public static TheoryData<string, string> Files => new()
    {
        { "claude", Claudes }, { "codex", ".codex/hooks.json" }, { "gemini", ".gemini/settings.json" }, { "qwen", ".qwen/settings.json" },
        { "opencode", ".opencode/plugin/klock.js" }, { "copilot", ".github/hooks/klock.json" },
        { "pi", ".pi/extensions/klock.ts" }, { "cline", ".clinerules/hooks/PreToolUse" }, { "cursor", ".cursor/hooks.json" },
    };

    [Theory, MemberData(nameof(Files))]
    public void ItIsInstalledOnceAndRemovedAgain(string client, string file)
    {
        string made = _place.Klock("install", client).Well().Out;
        Assert.Contains($"made: {_place.At(file)}", made, StringComparison.Ordinal);
        string first = File.ReadAllText(_place.At(file));
        Assert.Contains($"hook {client} ", first, StringComparison.Ordinal);

        Assert.Contains("unchanged", _place.Klock("install", client).Well().Out, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllText(_place.At(file)));

        Assert.Contains("removed", _place.Klock("install", client, "--remove").Well().Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.At(file)));
        Assert.Contains("unchanged", _place.Klock("install", client, "--remove").Well().Out, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Files))]
    public void PrintingChangesNothing(string client, string file)
    {
        Assert.Contains("would be made", _place.Klock("install", client, "--print").Well().Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.At(file)));
        Assert.False(Directory.Exists(Path.GetDirectoryName(_place.At(file))));
        _place.Klock("install", client).Well();
        string first = File.ReadAllText(_place.At(file));
        Assert.Contains("would be removed", _place.Klock("install", client, "--remove", "--print").Well().Out, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllText(_place.At(file)));
    }

    [Theory]
    [InlineData("{\n\t// mine\n\t\"model\": \"x\", /* too */\n\t\"z\": 1,\n\t\"a\": [1,2,  3]\n}\n")]
    [InlineData("{\r\n  \"hooks\": {\r\n    \"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"mine.sh\"}]}]\r\n  }\r\n}\r\n")]
    [InlineData("{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"klock-like hook\"}]}]},\"b\":1}")]
    [InlineData("{\n    \"permissions\": {\"allow\": []},\n}\n")]
    public void EverythingElseStaysAsItWas(string before)
    {
        Put(Claudes, before);
        _place.Klock("install", "claude").Well();
        string after = File.ReadAllText(_place.At(Claudes));
        Assert.Contains("hook claude PreToolUse", after, StringComparison.Ordinal);
        Assert.Equal(before.Contains("\r\n", StringComparison.Ordinal), after.Contains("\r\n", StringComparison.Ordinal));
        _place.Klock("install", "claude", "--remove").Well();
        Assert.Equal(before, File.ReadAllText(_place.At(Claudes)));
    }

    [Theory]
    [InlineData("{\"hooks\": []}", "\"hooks\" is an array")]
    [InlineData("{\"hooks\": 7}", "\"hooks\" is")]
    [InlineData("{\"hooks\": {\"PreToolUse\": {}}}", "\"PreToolUse\" is an object")]
    [InlineData("[]", "array")]
    [InlineData("{\"a\": ", "left as it is")]
    [InlineData("{\"a\": 1, \"a\": 2}", "left as it is")]
    [InlineData("not json", "left as it is")]
    public void AFileThatCannotBeChangedIsLeftWithPathAndReason(string before, string reason)
    {
        Put(Claudes, before);
        string error = _place.Klock("install", "claude").Failed(2);
        Assert.Contains(_place.At(Claudes), error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(_place.At(Claudes)));
        Assert.Single(Directory.GetFiles(_place.At(".claude")));
    }

    [Fact]
    public void RemovingFromAFileThatCannotBeReadIsAnErrorToo()
    {
        Put(Claudes, "not json");
        Assert.Contains(_place.At(Claudes), _place.Klock("install", "claude", "--remove").Failed(2), StringComparison.Ordinal);
        Assert.Contains(_place.At(Claudes), _place.Klock("install", "--remove").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void AKlockElsewhereIsReplaced()
    {
        Put(Claudes, """{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"/old/bin/klock hook claude PreToolUse"}]}]}}""");
        _place.Klock("install", "claude").Well();
        string after = File.ReadAllText(_place.At(Claudes));
        Assert.DoesNotContain("/old/bin", after, StringComparison.Ordinal);
        Assert.Single(after.Split("hook claude PreToolUse").Skip(1));
    }

    // Somebody put a hook of their own beside ours, into one group.
    [Fact]
    public void AHookBesideOursStays()
    {
        const string Before = """
            {"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"mine.sh"},
              {"type":"command","command":"/old/klock hook claude PreToolUse"}]}]}}
            """;
        Put(Claudes, Before);
        Assert.Contains("group of hooks", _place.Klock("install", "claude").Failed(2), StringComparison.Ordinal);
        Assert.Contains("group of hooks", _place.Klock("install", "claude", "--remove").Failed(2), StringComparison.Ordinal);
        Assert.Equal(Before, File.ReadAllText(_place.At(Claudes)));
    }

    [Fact]
    public void AFileOfThatNameThatIsNotOursStays()
    {
        Put(".opencode/plugin/klock.js", "// mine");
        Assert.Contains("klock.js", _place.Klock("install", "opencode").Failed(2), StringComparison.Ordinal);
        Assert.Contains("klock.js", _place.Klock("install", "opencode", "--remove").Failed(2), StringComparison.Ordinal);
        Assert.Equal("// mine", File.ReadAllText(_place.At(".opencode/plugin/klock.js")));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ALinkIsFollowedAndStays(bool isThere)
    {
        string real = Path.Combine(_place.Home, "dotfiles.json");
        if (isThere)
        {
            File.WriteAllText(real, "{\n  \"a\": 1\n}\n");
        }

        Directory.CreateDirectory(_place.At(".claude"));
        File.CreateSymbolicLink(_place.At(Claudes), real);
        _place.Klock("install", "claude").Well();
        Assert.Equal(real, new FileInfo(_place.At(Claudes)).LinkTarget);
        Assert.Contains("hook claude", File.ReadAllText(real), StringComparison.Ordinal);
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void ModesStay()
    {
        Put(Claudes, "{}");
        File.SetUnixFileMode(_place.At(Claudes), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        _place.Klock("install", "claude").Well();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(_place.At(Claudes)));
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public void AHookThatIsAProgramCanBeExecuted()
    {
        _place.Klock("install", "cline").Well();
        foreach (string file in Directory.GetFiles(_place.At(".clinerules/hooks")))
        {
            Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute), file);
        }

        using Running hook = _place.StartOther(_place.At(".clinerules/hooks/PreToolUse"));
        Assert.Contains("\"cancel\":true", hook.End("nonsense").Out, StringComparison.Ordinal);
    }

    // Cursor wants a version in its file, and has no groups of hooks in it.
    [Theory]
    [InlineData("{\n  \"version\": 1,\n  \"hooks\": {\n    \"stop\": [{\"command\": \"./mine.sh\"}]\n  }\n}\n")]
    [InlineData("{\r\n\t\"version\": 1, // one\r\n\t\"hooks\": {\"preToolUse\": [{\"command\": \"a klock hook\"}]}\r\n}")]
    public void CursorsFlatFileKeepsEverythingElse(string before)
    {
        Put(".cursor/hooks.json", before);
        _place.Klock("install", "cursor").Well();
        string after = File.ReadAllText(_place.At(".cursor/hooks.json"));
        Assert.Contains("hook cursor preToolUse", after, StringComparison.Ordinal);
        Assert.Matches("\"failClosed\": ?true", after);
        Assert.Contains("unchanged", _place.Klock("install", "cursor").Well().Out, StringComparison.Ordinal);
        _place.Klock("install", "cursor", "--remove").Well();
        Assert.Equal(before, File.ReadAllText(_place.At(".cursor/hooks.json")));
    }

    [Fact]
    public void ANewFileOfCursorHasAVersion()
    {
        _place.Klock("install", "cursor").Well();
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_place.At(".cursor/hooks.json")));
        Assert.Equal(1, json.RootElement.GetProperty("version").GetInt32());
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsAnErrorWithItsPath()
    {
        File.WriteAllText(_place.At(".claude"), "a file");
        string error = _place.Klock("install", "claude").Failed(2);
        Assert.Contains(_place.At(Claudes), error, StringComparison.Ordinal);
        Assert.DoesNotMatch(ErrorText.OfDotnet(), error);
    }

    [Fact]
    public void AFolderWhereTheFileShouldBeIsAnError()
    {
        Directory.CreateDirectory(_place.At(Claudes));
        Assert.Contains(_place.At(Claudes), _place.Klock("install", "claude").Failed(2), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_place.At(".claude")));
    }

    [Fact]
    public void SeveralAtOnceAreAllInstalled()
    {
        Running[] all = [.. Files.Select(row => _place.Start("install", row.Data.Item1)).Concat([_place.Start("install", "claude")])];
        foreach (Running each in all)
        {
            using (each)
            {
                Ran ran = each.End();
                Assert.True(ran.Code == 0 || ran.Error.Contains("just now", StringComparison.Ordinal), ran.Error);
            }
        }

        foreach ((string client, string file) in Files.Select(row => row.Data))
        {
            Assert.Contains($"hook {client}", File.ReadAllText(_place.At(file)), StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(_place.At(file))!), each => each.Contains(".klock-"));
        }
    }

    [Fact]
    public void AnUnknownClientHasAHint()
    {
        string error = _place.Klock("install", "cluade").Failed(2);
        Assert.Contains("claude", error, StringComparison.Ordinal);
        Assert.Contains("cluade", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.At(".claude")));

        // Nothing is installed of a list with a mistake in it.
        _place.Klock("install", "claude", "nope").Failed(2);
        Assert.False(Directory.Exists(_place.At(".claude")));
    }

    [Fact]
    public void TheUsersOwnSettingsAreInTheHome()
    {
        _place.Klock("install", "claude", "opencode", "--user").Well();
        Assert.True(File.Exists(Path.Combine(_place.Home, Claudes)));
        Assert.True(File.Exists(Path.Combine(_place.Home, ".config/opencode/plugin/klock.js")));
        Assert.False(Directory.Exists(_place.At(".claude")));
        _place.Klock("install", "claude", "--user", "--project").Failed(2);
        _place.Environment["HOME"] = "";
        Assert.Contains("HOME", _place.Klock("install", "claude", "--user").Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public void FromAFolderOfARepositoryItsTopIsMeant()
    {
        string sub = Directory.CreateDirectory(_place.At("sub", "folder")).FullName;
        _place.KlockIn(sub, "install", "claude").Well();
        Assert.True(File.Exists(_place.At(Claudes)));
    }

    // The command that is installed blocks: it is run as the client would run it.
    [Fact]
    public void TheInstalledCommandBlocks()
    {
        _place.Klock("install", "claude").Well();
        Assert.Contains("\"onFailure\": \"block\"", File.ReadAllText(_place.At(Claudes)), StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_place.At(Claudes)));
        string command = json.RootElement.GetProperty("hooks").GetProperty("PreToolUse")[0].GetProperty("hooks")[0].GetProperty("command")
            .GetString()!;
        using Running shell = _place.StartOther("sh", "-c", command);
        HookCall.Refused(shell.End("nonsense"));
    }

    private void Put(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_place.At(file))!);
        File.WriteAllText(_place.At(file), text);
    }
}
