using System.Text;
using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>Whatever is on stdin: no crash, an answer that blocks where an edit was to come, one line on stderr.</summary>
public sealed class InputTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    public static TheoryData<string> Clients => [.. HookCall.Before.Keys];

    [Theory, MemberData(nameof(Clients))]
    public void WhatIsNoEventIsRefusedBeforeAnEditAndNowhereElse(string client)
    {
        string[] texts =
        [
            "", " ", "{", "}", "null", "7", "[]", "{}", "\"a\"", """{"session_id":"s"}""", """{"session_id":"s","cwd":"relative"}""",
            """{"session_id":"s","cwd":"/tmp"}""", """{"session_id":"\ud800","cwd":"/tmp","tool_name":"Edit"}""", new('[', 100_000),
            """{"session_id":"s","cwd":"/tmp","tool_name":"Edit","tool_input":{"file_path":"a""",
        ];
        foreach (string text in texts)
        {
            HookCall.Refused(_place.KlockWith(text, "hook", client, HookCall.Before[client]));
            Ran after = _place.KlockWith(text, "hook", client, "NextMonth");
            Assert.Null(HookCall.Blocks(after));
        }
    }

    [Fact]
    public void AnyBytesAreRefused()
    {
        var random = new Random(14);
        for (int i = 0; i < 40; i++)
        {
            byte[] bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            HookCall.Refused(Send(bytes));
        }

        // Such a failure is what `klock doctor` counts.
        Assert.True(File.Exists(_place.At(".git", "klock", "hooks.db")));
    }

    [Fact]
    public void AnEventThatIsCutOffAnywhereIsRefused()
    {
        string whole = HookCall.Event(_place, "Edit", _place.At("a.txt"));
        for (int length = 0; length < whole.Length; length += 7)
        {
            HookCall.Refused(_place.KlockWith(whole[..length], "hook", "claude", "PreToolUse"));
        }

        Assert.Empty(Leases());
    }

    [Fact]
    public void AByteOrderMarkIsSkippedAndNoneIsWritten()
    {
        byte[] text = Encoding.UTF8.GetBytes(HookCall.Event(_place, "Edit", _place.At("a.txt")));
        Ran ran = Send([.. Encoding.UTF8.Preamble, .. text]);
        Assert.Null(HookCall.Blocks(ran));
        Assert.Single(Leases());
        _place.Environment["KLOCK_WAIT"] = "0s";
        Assert.DoesNotContain('\uFEFF', HookCall.Tool(_place, "Edit", _place.At("a.txt"), "other").Out);
    }

    [Fact]
    public void AWholeFileOfManyMegabytesIsAnEvent()
    {
        string text = HookCall.Event(_place, "Write", _place.At("a.txt")).Replace(
            "\"content\":\"x\"", $"\"content\":\"{new string('é', 4 << 20)}\"", StringComparison.Ordinal);
        Assert.Null(HookCall.Blocks(_place.KlockWith(text, "hook", "claude", "PreToolUse").Well()));
        Assert.Single(Leases());
    }

    [Fact]
    public void AnUnknownClientIsAnErrorWithTheKnownOnes()
    {
        string error = _place.KlockWith("{}", "hook", "klaude", "PreToolUse").Failed(2);
        foreach (string client in HookCall.Before.Keys)
        {
            Assert.Contains(client, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SwitchedOffItDoesNothing()
    {
        _place.Environment["KLOCK_HOOKS"] = "off";
        Assert.Null(HookCall.Blocks(HookCall.Tool(_place, "Edit", _place.At("a.txt")).Well()));
        Assert.Null(HookCall.Blocks(_place.KlockWith("nonsense", "hook", "claude", "PreToolUse").Well()));
        Assert.False(Directory.Exists(_place.At(".git", "klock")));
    }

    [Theory]
    [InlineData("KLOCK_WAIT", "soon")]
    [InlineData("KLOCK_WAIT", "-1s")]
    [InlineData("KLOCK_WAIT", "2h")]
    [InlineData("KLOCK_IDLE", "x")]
    [InlineData("KLOCK_IDLE", "1h")]
    [InlineData("KLOCK_HOOKS", "maybe")]
    [InlineData("KLOCK_ON_FAILURE", "deny")]
    public void ABadSettingIsToldAndBlocksAnEditOnly(string name, string value)
    {
        _place.Environment[name] = value;
        Ran ran = HookCall.Tool(_place, "Edit", _place.At("a.txt"));
        Assert.Contains(name, HookCall.Refused(ran), StringComparison.Ordinal);
        Assert.Contains($"{name} is '{value}'", ran.Error, StringComparison.Ordinal);

        // At a turn's end an exit code would send the agent on for ever.
        Ran stop = _place.KlockWith(HookCall.Event(_place, "Edit", "a"), "hook", "claude", "Stop");
        Assert.Equal((0, ""), (stop.Code, stop.Out));
    }

    [Theory, InlineData(null, true), InlineData("block", true), InlineData("allow", false)]
    public void ABrokenStoreDoesWhatTheUserChose(string? choice, bool blocks)
    {
        _place.Environment["KLOCK_ON_FAILURE"] = choice;
        Directory.CreateDirectory(_place.At(".git", "klock"));
        File.WriteAllText(_place.At(".git", "klock", "klock.db"), new string('x', 8_192));
        Ran ran = HookCall.Tool(_place, "Edit", _place.At("a.txt"));
        Assert.Equal(blocks, HookCall.Blocks(ran) is not null);
        Assert.Matches("^klock: hook claude PreToolUse: [^\n]+\n$", ran.Error);
        Assert.DoesNotMatch("defect", ran.Error);
    }

    // The refusal that Cline knows ends its task: an edit is refused by another input, with which it fails.
    [Fact]
    public void ABrokenStoreEndsNoTaskOfCline()
    {
        Directory.CreateDirectory(_place.At(".git", "klock"));
        File.WriteAllText(_place.At(".git", "klock", "klock.db"), new string('x', 8_192));
        string input = JsonSerializer.Serialize(new
        {
            taskId = "t",
            workspaceRoots = new[] { _place.Folder },
            tool_call = new { id = "c", name = "editor", input = new { command = "create", path = _place.At("a.txt"), new_text = "x" } },
        });
        JsonElement answer = _place.KlockWith(input, "hook", "cline", "PreToolUse").Json;
        Assert.False(answer.GetProperty("cancel").GetBoolean());
        Assert.NotEqual(_place.At("a.txt"), answer.GetProperty("overrideInput").GetProperty("path").GetString());
        Assert.Contains("klock.db", answer.GetProperty("contextModification").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenMemoryIsSaid()
    {
        Directory.CreateDirectory(_place.At(".git", "klock"));
        File.WriteAllText(_place.At(".git", "klock", "hooks.db"), new string('x', 8_192));
        Assert.DoesNotContain("defect", HookCall.Refused(HookCall.Tool(_place, "Edit", _place.At("a.txt"))), StringComparison.Ordinal);
    }

    private Ran Send(byte[] bytes)
    {
        File.WriteAllBytes(Path.Combine(_place.Top, "stdin"), bytes);
        using Running shell = _place.StartOther("sh", "-c", "exec klock hook claude PreToolUse < ../stdin");
        return shell.End();
    }

    private string[][] Leases() => _place.Klock("leases").Well().Rows;
}
