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

    private Ran Before(string command, string client) => _place.KlockWith(
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["session_id"] = "s", ["cwd"] = _place.Folder, ["tool_name"] = "Bash", ["tool_use_id"] = "c",
            ["tool_input"] = new Dictionary<string, string> { ["command"] = command, ["description"] = "all" },
        }),
        "hook", client, "PreToolUse").Well();
}
