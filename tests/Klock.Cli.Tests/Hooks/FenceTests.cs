using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>Shell commands that run with the files of other agents read-only.</summary>
public sealed class FenceTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public FenceTests()
    {
        _place.Environment["KLOCK_SHELL"] = "fence";
        File.WriteAllText(_place.At("a.txt"), "theirs");
        File.WriteAllText(_place.At("b.txt"), "mine");
        _place.Klock("acquire", "--agent", "somebody", "--file", "a.txt").Well();
    }

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("python3 -c \"open('a.txt', 'w').write('x')\"")]
    [InlineData("rm -f a.txt")]
    [InlineData("mv b.txt a.txt")]
    [InlineData("sh -c 'echo x > a.txt'")]
    [InlineData("python3 -c \"import os; os.rename('b.txt', 'a.txt')\"")]
    public void AFileOfAnotherAgentCannotBeWritten(string command)
    {
        Assert.NotEqual(0, _place.Klock("fence", "claude:s", "--", command).Code);
        Assert.Equal("theirs", File.ReadAllText(_place.At("a.txt")));
    }

    // What hooks remember of a lease outlives it.
    [Fact]
    public void AFileThatTheAgentOnceEditedIsAnothersNow()
    {
        _place.Environment["KLOCK_IDLE"] = "1s";
        HookCall.Tool(_place, "Edit", "b.txt");
        _place.KlockWith(HookCall.Event(_place, "Edit", "b.txt"), "hook", "claude", "PostToolUse").Well();
        Thread.Sleep(1_200);
        _place.Klock("acquire", "--agent", "somebody", "--file", "b.txt").Well();
        Assert.NotEqual(0, _place.Klock("fence", "claude:s", "--", "echo x > b.txt").Code);
        Assert.Equal("mine", File.ReadAllText(_place.At("b.txt")));
    }

    [Fact]
    public void AFileThatTheAgentHasItselfIsNotFenced()
    {
        HookCall.Tool(_place, "Edit", "b.txt", "other");
        File.WriteAllText(_place.At("b.txt"), "others");
        _place.KlockWith(HookCall.Event(_place, "Edit", "b.txt", "other"), "hook", "claude", "PostToolUse").Well();
        Assert.NotEqual(0, _place.Klock("fence", "claude:s", "--", "echo x > b.txt").Code);
        _place.KlockWith(HookCall.Event(_place, "Edit", "b.txt", "other"), "hook", "claude", "Stop").Well();
        _place.Klock("acquire", "--agent", "claude:s", "--session", "claude:s", "--file", "b.txt").Well();
        _place.Klock("fence", "claude:s", "--", "echo x > b.txt").Well();
    }

    [Fact]
    public void FilesOfAClaimedFolderAreFenced()
    {
        Directory.CreateDirectory(_place.At("src", "deep"));
        File.WriteAllText(_place.At("src", "deep", "c.txt"), "theirs");
        File.WriteAllText(_place.At("src", ".env"), "theirs");
        _place.Klock("acquire", "--agent", "somebody", "--file", "src/**").Well();
        Assert.NotEqual(0, _place.Klock("fence", "claude:s", "--", "echo x > src/deep/c.txt").Code);
        Assert.NotEqual(0, _place.Klock("fence", "claude:s", "--", "echo x > src/.env").Code);
        _place.Klock("fence", "somebody", "--", "echo x > src/deep/c.txt").Well();
    }

    [Fact]
    public void EverythingElseIsAsWithoutIt()
    {
        Ran ran = _place.Klock("fence", "claude:s", "--", "echo 'it'\\''s' >b.txt; id -u; cat a.txt; exit 7");
        Assert.Equal((7, "it's\n"), (ran.Code, File.ReadAllText(_place.At("b.txt"))));
        Assert.Equal([$"{_place.StartOther("id", "-u").End().Out.Trim()}", "theirs"], ran.Out.TrimEnd('\n').Split('\n'));
        File.WriteAllText(_place.At("a.txt"), "not read-only for others");
    }

    [Fact]
    public void TheHookPutsTheCommandBehindTheFence()
    {
        using var updated = JsonDocument.Parse(Before("make all", "claude").Out);
        JsonElement input = updated.RootElement.GetProperty("hookSpecificOutput").GetProperty("updatedInput");
        Assert.Matches("klock'? fence 'claude:s' -- 'make all'$", input.GetProperty("command").GetString());
        Assert.Equal("all", input.GetProperty("description").GetString());
    }

    [Fact]
    public void WhereThereIsNothingOfOthersTheCommandStaysAsItIs()
    {
        _place.Klock("revoke", "a.txt").Well();
        Assert.Empty(Before("make all", "claude").Out);
    }

    // Its hooks cannot change a command.
    [Fact]
    public void AClientThatCannotReplaceCommandsRunsThemAsTheyAre() => Assert.Empty(Before("make all", "qwen").Out);

    // There klock could not open its store, and no command would run.
    [Theory]
    [InlineData("bypassPermissions", true)]
    [InlineData("default", false)]
    public void InCodexsSandboxCommandsStayAsTheyAre(string mode, bool isFenced) =>
        Assert.Equal(isFenced, Before("make all", "codex", mode).Out.Contains("fence", StringComparison.Ordinal));

    private Ran Before(string command, string client, string mode = "default") => _place.KlockWith(
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["session_id"] = "s", ["cwd"] = _place.Folder, ["tool_name"] = "Bash", ["tool_use_id"] = "c",
            ["permission_mode"] = mode,
            ["tool_input"] = new Dictionary<string, string> { ["command"] = command, ["description"] = "all" },
        }),
        "hook", client, "PreToolUse").Well();
}
