using System.Text;
using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Events;

namespace Klock.Agents.Tests.Clients;

/// <summary>Answers have the very shape that each client takes for a block, and nothing around it: else the edit goes through.</summary>
public sealed class ReplyTests
{
    private const string Reason = "it's \"in use\" <by> é\n\u0001 another";
    private const string Said = "somebody waits for a.txt";

    private const string Claudes =
        """{"decision":"block","reason":%,"hookSpecificOutput":"""
        + """{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":%}}""";

    private static readonly Dictionary<string, string> _before = new(StringComparer.Ordinal)
    {
        ["gemini"] = "BeforeTool", ["copilot"] = "preToolUse", ["cursor"] = "preToolUse",
    };

    private static readonly Dictionary<string, string> _after = new(StringComparer.Ordinal)
    {
        ["gemini"] = "AfterTool", ["copilot"] = "postToolUse", ["cursor"] = "postToolUse",
    };

    // To these an empty answer is a failure of the hook, or none that they take.
    private static readonly Dictionary<string, string> _allowing = new(StringComparer.Ordinal)
    {
        ["cline"] = """{"cancel":false}""", ["cursor"] = """{"permission":"allow"}""",
    };

    public static TheoryData<string> Names => [.. ClientTable.All.Select(client => client.Name)];

    [Theory, MemberData(nameof(Names))]
    public void AllowingSaysNothingOrThatItAllows(string name)
    {
        HookReply reply = Find(name).Write(Happened(name, BeforeOf(name)), Decision.Allow);
        Assert.Equal(_allowing.GetValueOrDefault(name, ""), reply.Output);

        // The same where there is no decision, as with hooks that are turned off.
        Assert.Equal(reply, Find(name).Allow(BeforeOf(name)));
    }

    [Theory]
    [InlineData("claude", Claudes)]
    [InlineData("codex", Claudes)]
    [InlineData("qwen", Claudes)]
    [InlineData("gemini", """{"decision":"deny","reason":%}""")]
    [InlineData("opencode", """{"decision":"block","reason":%}""")]
    [InlineData("copilot", """{"permissionDecision":"deny","permissionDecisionReason":%}""")]
    [InlineData("pi", """{"decision":"block","reason":%}""")]
    [InlineData("cline", """{"cancel":true,"errorMessage":%}""")]
    [InlineData("cursor", """{"permission":"deny","user_message":%,"agent_message":%}""")]
    public void BlockingHasTheClientsShape(string name, string shape)
    {
        HookReply reply = Find(name).Write(Happened(name, BeforeOf(name)), Decision.Block(Reason));
        AssertJson(shape.Replace("%", JsonSerializer.Serialize(Reason), StringComparison.Ordinal), reply.Output);

        // The same where the event could not be read.
        Assert.Equal(reply, Find(name).Refuse(BeforeOf(name), Reason));
    }

    // Cline's own refusal ends the task: so a tool gets an input with which it fails, and the model hears why beside that.
    [Theory]
    [InlineData("editor", """{"path":"a.txt","new_text":"x"}""", "/dev/null/")]
    [InlineData("run_commands", """{"commands":["rm a.txt"]}""", "false")]
    public void ClinesToolsAreRefusedByAnotherInput(string tool, string input, string instead)
    {
        AgentEvent happened = Sample.Read(Find("cline"), "PreToolUse",
            $$$"""{"taskId":"t","workspaceRoots":["/repo"],"tool_call":{"id":"c","name":"{{{tool}}}","input":{{{input}}}}}""");
        using var reply = JsonDocument.Parse(Find("cline").Write(happened, Decision.Block(Reason)).Output);
        Assert.Equal(JsonValueKind.False, reply.RootElement.Field("cancel").ValueKind);
        Assert.Equal(Reason, reply.RootElement.Text("contextModification"));
        Assert.Contains(instead, reply.RootElement.Field("overrideInput").GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("a.txt", reply.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    // Copilot loads Claude's files, and takes Claude's answers to what is configured there.
    [Fact]
    public void CopilotIsAnsweredInTheShapeOfTheFileThatItLoaded()
    {
        IClient calling = ClientTable.Calling("claude", name => name == "COPILOT_CLI" ? "1" : null)!;
        Assert.Equal("copilot", calling.Name);
        AgentEvent happened = Sample.Read(calling, "PreToolUse",
            """{"session_id":"s","cwd":"/repo","tool_name":"Edit","tool_input":"*** Update File: a.txt\n*** End Patch"}""");
        Assert.Equal("BeforeTool | copilot:s | copilot:s | pid=0 | Edit; Edit a.txt", Sample.Describe(happened));
        using var reply = JsonDocument.Parse(calling.Write(happened, Decision.Block(Reason)).Output);
        Assert.Equal("deny", reply.RootElement.Field("hookSpecificOutput").Text("permissionDecision"));
        Assert.Equal("claude", ClientTable.Calling("claude", _ => null)!.Name);
        Assert.Null(ClientTable.Calling("klaude", _ => null));
    }

    [Theory]
    [InlineData("claude", true, true)]
    [InlineData("codex", true, true)]
    [InlineData("qwen", true, true)]
    [InlineData("gemini", false, true)]
    [InlineData("opencode", false, true)]
    [InlineData("copilot", false, false)]
    [InlineData("pi", false, true)]
    public void ContextIsSaidWhereTheModelReadsIt(string name, bool before, bool after)
    {
        foreach ((string happens, bool says) in new[] { (BeforeOf(name), before), (AfterOf(name), after) })
        {
            HookReply reply = Find(name).Write(Happened(name, happens), new Decision(null, Said));
            string shape = $$$"""{"hookSpecificOutput":{"hookEventName":"{{{happens}}}","additionalContext":"{{{Said}}}"}}""";
            if (says)
            {
                AssertJson(shape, reply.Output);
            }
            else
            {
                Assert.Equal("", reply.Output);
            }
        }
    }

    [Theory]
    [InlineData("cline", "PreToolUse", """{"cancel":false,"contextModification":%}""")]
    [InlineData("cline", "PostToolUse", """{"cancel":false,"contextModification":%}""")]
    [InlineData("cursor", "preToolUse", """{"permission":"allow"}""")]
    [InlineData("cursor", "postToolUse", """{"additional_context":%}""")]
    [InlineData("cursor", "sessionStart", """{"additional_context":%}""")]
    public void ContextHasAShapeOfItsOwn(string name, string happens, string shape) => AssertJson(
        shape.Replace("%", JsonSerializer.Serialize(Said), StringComparison.Ordinal),
        Find(name).Write(Happened(name, happens), new Decision(null, Said)).Output);

    // A decision with both is a block: what else there is to say would open it in some clients.
    [Theory, MemberData(nameof(Names))]
    public void ABlockWinsOverContext(string name) => Assert.Equal(
        Find(name).Refuse(BeforeOf(name), Reason), Find(name).Write(Happened(name, BeforeOf(name)), new Decision(Reason, Said)));

    private static void AssertJson(string expected, string found)
    {
        Assert.False(Encoding.UTF8.GetBytes(found).AsSpan().StartsWith(Encoding.UTF8.Preamble));
        Assert.DoesNotContain('\n', found);
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(found);
        Assert.True(JsonElement.DeepEquals(left.RootElement, right.RootElement), $"{expected}\n{found}");
    }

    private static IClient Find(string name) => ClientTable.Find(name)!;

    private static string BeforeOf(string name) => _before.GetValueOrDefault(name, "PreToolUse");

    private static string AfterOf(string name) => _after.GetValueOrDefault(name, "PostToolUse");

    private static AgentEvent Happened(string name, string happens) => Sample.Read(Find(name), happens,
        """{"session_id":"s","sessionId":"s","cwd":"/repo","tool_name":"Bash","toolName":"bash","tool_input":{"command":"true"}"""
        + ""","toolArgs":{"command":"true"}}""");
}
