using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Events;

namespace Klock.Agents.Tests.Clients;

/// <summary>Cursor's events as its documentation has them, in its own hook file and in that of Claude Code, which it loads too.</summary>
public sealed class CursorTests
{
    private const string Common =
        """
        "conversation_id":"conv","generation_id":"gen","model":"m","cursor_version":"3.18.25","workspace_roots":["/repo"],
        "user_email":null,"transcript_path":null,"tool_use_id":"c","cwd":%
        """;

    [Theory]
    [InlineData("Write", """{"file_path":"/repo/a.txt","content":"x"}""", "Write#; Overwrite /repo/a.txt")]
    [InlineData("Write", """{"path":"a.txt","old_string":"x","new_string":"y"}""", "Write#; Overwrite a.txt")]
    [InlineData("Delete", """{"file_path":"/repo/a.txt"}""", "Delete#; Delete /repo/a.txt")]
    [InlineData("Read", """{"file_path":"/repo/a.txt"}""", "Read#; Reads /repo/a.txt")]
    [InlineData("Shell", """{"command":"ls","working_directory":"/repo"}""", "Shell#; Runs ls")]
    [InlineData("Task", """{"prompt":"x"}""", "Task#; Spawns")]
    [InlineData("Grep", """{"pattern":"x","path":"/repo"}""", "Grep#")]
    [InlineData("MCP:save", """{"path":"/repo/a.txt","content":"x"}""", "MCP:save#; Overwrite /repo/a.txt")]
    [InlineData("Write", "{}", "Write#; Trouble the tool Write names no file in file_path, filePath, path, absolute_path, notebook_path, "
        + "target_file")]
    public void AToolIsReadAsItIsMeant(string tool, string input, string found) => Assert.Equal(
        $"BeforeTool | cursor:conv | cursor:conv | pid=0 | {found}",
        Sample.Describe(Sample.Read(ClientTable.Find("cursor")!, "preToolUse", Event(tool, input, "\"/repo\""))));

    [Theory]
    [InlineData("\"/repo/sub\"", "/repo/sub")]
    [InlineData("\"\"", "/repo")]
    [InlineData("null", "/repo")]
    public void WithoutAFolderTheWorkspacesIsMeant(string cwd, string folder) => Assert.Equal(
        folder, Sample.Read(ClientTable.Find("cursor")!, "stop", Event("", "{}", cwd)).Folder);

    // It runs all hooks that match, of its own file and of Claude's: both are one agent, so that one edit takes one lease.
    [Fact]
    public void WhatItLoadsOfClaudesFileIsItsOwn()
    {
        using var json = JsonDocument.Parse(Event("Write", """{"file_path":"/repo/a.txt"}""", "\"/repo\""));
        IClient claude = ClientTable.Find("claude")!, sender = ClientTable.Sender(claude, json.RootElement);
        Assert.Equal("cursor", sender.Name);
        AgentEvent happened = sender.Read("PreToolUse", json.RootElement, _ => null);
        Assert.Equal("BeforeTool | cursor:conv | cursor:conv | pid=0 | Write#; Overwrite /repo/a.txt", Sample.Describe(happened));

        // Its answer has the shape of the file that asked.
        using var reply = JsonDocument.Parse(sender.Write(happened, Decision.Block("why")).Output);
        Assert.Equal("deny", reply.RootElement.Field("hookSpecificOutput").Text("permissionDecision"));

        using var claudes = JsonDocument.Parse("""{"session_id":"s","cwd":"/repo"}""");
        Assert.Same(claude, ClientTable.Sender(claude, claudes.RootElement));
    }

    private static string Event(string tool, string input, string cwd) =>
        $$"""{"tool_name":"{{tool}}","tool_input":{{input}},{{Common.Replace("%", cwd, StringComparison.Ordinal)}}}""";
}
