using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Events;

namespace Klock.Agents.Tests.Clients;

/// <summary>Fields that are missing or of another type, tools and events that nobody knows: an edit is never let through unseen.</summary>
public sealed class OddInputTests
{
    private static readonly string[] _values = ["null", "7", "true", "\"\"", "\"text\"", "[]", "[1]", "{}", """{"file_path":["a"]}"""];

    public static TheoryData<string> Names => [.. ClientTable.All.Select(client => client.Name)];

    [Theory, MemberData(nameof(Names))]
    public void WhatEveryEventHasMustBeThere(string name)
    {
        IClient client = ClientTable.Find(name)!;
        string[] texts =
        [
            "{}", "[]", "7", "null", "\"a\"", """{"cwd":"/repo"}""", """{"session_id":"","cwd":"/repo"}""",
            """{"session_id":7,"cwd":"/repo"}""",
        ];
        foreach (string text in texts)
        {
            AssertLacks("session_id", client, text);
        }

        foreach (string text in new[] { """{"session_id":"s"}""", """{"session_id":"s","cwd":7}""", """{"session_id":"s","cwd":"repo"}""" })
        {
            AssertLacks("cwd", client, text);
        }
    }

    // Whatever one field of a real event is replaced with, it is read or refused, by no other exception.
    [Fact]
    public void AFieldOfAnyTypeIsReadOrRefused()
    {
        int looked = 0;
        foreach (Sample sample in Sample.All)
        {
            IClient client = ClientTable.Find(sample.Client)!;
            Dictionary<string, JsonElement> fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(sample.Text)!;
            foreach (string field in fields.Keys.ToArray())
            {
                foreach (string? value in _values.Append(null))
                {
                    Dictionary<string, JsonElement> changed = new(fields, StringComparer.Ordinal);
                    changed.Remove(field);
                    if (value is not null)
                    {
                        changed[field] = JsonElement.Parse(value);
                    }

                    AgentEvent? happened = Try(client, sample.Event, JsonSerializer.Serialize(changed));
                    looked++;
                    if (happened is { Kind: AgentEventKind.BeforeTool }
                        && field is "tool_input" or "toolArgs" or "tool_name" or "toolName" or "tool_call")
                    {
                        AssertNotSilent(sample, happened!, $"{field}={value}");
                    }
                }
            }
        }

        Assert.True(looked > 5_000, $"{looked}");
    }

    [Theory]
    [InlineData("Edit")]
    [InlineData("MultiEdit")]
    [InlineData("NotebookEdit")]
    [InlineData("Write")]
    [InlineData("replace")]
    [InlineData("write_file")]
    [InlineData("edit")]
    [InlineData("write")]
    [InlineData("create")]
    [InlineData("apply_patch")]
    [InlineData("Bash")]
    [InlineData("run_shell_command")]
    public void AKnownToolWithoutWhatItWritesIsTrouble(string tool)
    {
        foreach (string input in new[] { "null", "7", "[]", "{}", """{"file_path":7}""", """{"file_path":""}""", """{"command":{}}""" })
        {
            ToolUse use = Tools.Read(tool, "c", JsonElement.Parse(input));
            Assert.True(use.Trouble is not null, $"{tool} {input}");
            Assert.Contains(tool, use.Trouble, StringComparison.Ordinal);
        }

        Assert.NotNull(Tools.Read(tool, "c", default).Trouble);
    }

    [Fact]
    public void AToolWithoutANameIsTrouble() => Assert.NotNull(Tools.Read("", "c", JsonElement.Parse("{}")).Trouble);

    [Theory]
    [InlineData("""{"file_path":"/repo/a","new_string":"x"}""", "Overwrite /repo/a")]
    [InlineData("""{"path":"/repo/a","content":"x"}""", "Overwrite /repo/a")]
    [InlineData("""{"path":"/repo/a","edits":[]}""", "Overwrite /repo/a")]
    [InlineData("""{"target_file":"a","file_text":""}""", "Overwrite a")]
    [InlineData("""{"content":"x"}""", "")]
    [InlineData("""{"diff":"x","path":7}""", "Trouble")]
    [InlineData("""{"path":"/repo/a"}""", "")]
    [InlineData("""{"query":"x"}""", "")]
    [InlineData("[]", "")]
    public void AnUnknownToolThatSeemsToWriteIsTakenForOneThatDoes(string input, string found)
    {
        ToolUse use = Tools.Read("mcp__next__month", "c", JsonElement.Parse(input));
        Assert.Equal(found, use.Trouble is not null ? "Trouble" : ChangesOf(use));
    }

    [Theory]
    [InlineData("Edit", """{"file_path":"a","old_string":"","new_string":"x"}""", "Overwrite")]
    [InlineData("Edit", """{"file_path":"a","old_string":"x","new_string":""}""", "Edit")]
    [InlineData("edit", """{"filePath":"a","oldString":"","newString":"x"}""", "Overwrite")]
    [InlineData("NotebookEdit", """{"notebook_path":"a","new_source":""}""", "Edit")]
    [InlineData("create", """{"path":"a","file_text":""}""", "Overwrite")]
    [InlineData("editor", """{"command":"create","path":"a","new_text":"x"}""", "Overwrite")]
    [InlineData("editor", """{"path":"a","old_text":"x","new_text":""}""", "Edit")]
    [InlineData("editor", """{"path":"a","insert_line":1,"new_text":"x"}""", "Edit")]
    [InlineData("Delete", """{"path":"a"}""", "Delete")]
    public void AnEditThatFindsNothingWritesTheWhole(string tool, string input, string kind) =>
        Assert.Equal($"{kind} a", ChangesOf(Tools.Read(tool, null, JsonElement.Parse(input))));

    // Copilot's way to read: else it could never overwrite what another agent wrote, however often it looks.
    [Fact]
    public void ViewReads() => Assert.Equal(["/repo/a"], Tools.Read("view", null, JsonElement.Parse("""{"path":"/repo/a"}""")).Reads);

    [Theory]
    [InlineData("""{"command":["bash","-lc","echo 'x' > a"]}""", """'bash' '-lc' 'echo '\''x'\'' > a'""")]
    [InlineData("""{"command":"ls","timeout":5}""", "ls")]
    [InlineData("""{"cmd":"ls"}""", "ls")]
    [InlineData("""{"commands":["ls","rm a"]}""", "ls\nrm a")]
    [InlineData("""{"commands":[{"command":"rm","args":["it's"]},"ls"]}""", "rm 'it'\\''s'\nls")]
    [InlineData("""{"commands":["ls",7]}""", null)]
    [InlineData("""{"commands":[]}""", null)]
    public void ACommandIsATextOrWordsOrSeveral(string input, string? command) =>
        Assert.Equal(command, Tools.Read("shell", null, JsonElement.Parse(input)).Command);

    [Theory, MemberData(nameof(Names))]
    public void AnUnknownEventIsNothing(string name)
    {
        IClient client = ClientTable.Find(name)!;
        AgentEvent happened = Sample.Read(client, "NextMonth", """{"session_id":"s","cwd":"/repo","tool_name":"Edit"}""");
        Assert.Equal((AgentEventKind.Other, null), (happened.Kind, happened.Tool));
        Assert.False(client.CanBlock("NextMonth"));
    }

    [Theory]
    [InlineData("12", 12)]
    [InlineData("0", 0)]
    [InlineData("-1", 0)]
    [InlineData("1e3", 0)]
    [InlineData("99999999999", 0)]
    [InlineData("", 0)]
    public void TheProcessThatClaudeNamesIsANumber(string said, int process) => Assert.Equal(
        process, Sample.Read(ClientTable.Find("claude")!, "Stop", """{"session_id":"s","cwd":"/repo"}""", _ => said).ClientProcess);

    [Theory]
    [InlineData("12", 12)]
    [InlineData("\"12\"", 0)]
    [InlineData("99999999999", 0)]
    [InlineData("-5", 0)]
    [InlineData("1.5", 0)]
    public void TheProcessThatOpenCodeNamesIsANumber(string said, int process)
    {
        string text = $$"""{"session_id":"s","cwd":"/repo","client_pid":{{said}}}""";
        Assert.Equal(process, Sample.Read(ClientTable.Find("opencode")!, "Stop", text).ClientProcess);
    }

    private static void AssertLacks(string field, IClient client, string text)
    {
        FormatException told = Assert.Throws<FormatException>(() => Sample.Read(client, "PreToolUse", text));
        Assert.Contains(field, told.Message, StringComparison.Ordinal);
    }

    private static string ChangesOf(ToolUse use) => string.Join(' ', use.Changes.Select(change => $"{change.Kind} {change.Path}"));

    private static AgentEvent? Try(IClient client, string name, string text)
    {
        try
        {
            return Sample.Read(client, name, text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // An edit whose input is not understood may not look like a tool that changes nothing.
    private static void AssertNotSilent(Sample sample, AgentEvent happened, string how)
    {
        ToolUse before = sample.Read().Tool!, now = happened.Tool!;
        bool wrote = before.Changes.Count > 0 || before.Command is not null;
        bool isSilent = now.Changes.Count == 0 && now.Command is null && now.Trouble is null;
        Assert.False(wrote && isSilent && now.Name == before.Name, $"{sample.Client}/{sample.File} with {how} passes unseen");
    }
}
