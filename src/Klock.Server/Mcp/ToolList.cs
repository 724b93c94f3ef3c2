using System.Text.Json;
using System.Text.Json.Nodes;
using Klock.Agents.Claims;
using ModelContextProtocol.Protocol;

namespace Klock.Server.Mcp;

/// <summary>The tools, as a client lists them.</summary>
internal static class ToolList
{
    public const string Status = "klock_status";
    public const string Claim = "klock_claim";
    public const string Release = "klock_release";
    public const string Why = "klock_why";
    public const string Note = "klock_note";

    private const string Files =
        """
        "files":{"type":"array","items":{"type":"string","minLength":1},"minItems":1,"maxItems":256,
        "description":"Paths, absolute or from the project's folder. A folder and all in it is 'folder/**'."}
        """;

    private const string NoteField =
        """
        "note":{"type":"string","maxLength":1024,"description":"Why, in one sentence: other agents read it when they are refused."}
        """;

    private const string Entry =
        """
        {"type":"object","properties":{"agent":{"type":"string"},"file":{"type":"string"},"intent":{"type":"string"},
        "state":{"type":"string","enum":["held","waiting"]},"since":{"type":"string"},"note":{"type":"string"}},
        "required":["agent","file","state"]}
        """;

    private const string Names = """{"type":"array","items":{"type":"string"}}""";

    private static readonly string _claimInput =
        $$"""
        {"type":"object","properties":{{{Files}},
        "intent":{"type":"string","enum":[{{string.Join(',', ClaimIntent.Names.Select(name => $"\"{name}\""))}}],"default":"edit",
        "description":"What for. Those who only read share a file; everybody else has it alone."},
        "wait_s":{"type":"number","minimum":0,"maximum":{{ToolInput.LongestWaitSeconds}},"default":{{ToolInput.UsualWaitSeconds}},
        "description":"How many seconds to wait when another agent has one of them."},
        {{NoteField}}},"required":["files"],"additionalProperties":false}
        """;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Tool> All { get; } =
    [
        Of(
            Status, "Who works on what", "Who holds which files, who waits for them, and which ones you have claimed yourself.",
            """{"type":"object","properties":{},"additionalProperties":false}""",
            Object($$"""
                "you":{"type":"string"},"claims":{"type":"array","items":{{Entry}} },"others":{"type":"array","items":{{Entry}} },
                "waiting":{"type":"array","items":{{Entry}} },"lost":{{Names}},"more":{"type":"integer"},"message":{"type":"string"}
                """, "you", "claims", "others", "waiting", "lost", "message"),
            new ToolAnnotations { ReadOnlyHint = true }),
        Of(
            Claim, "Claim files",
            "Claim files before you work on them, all or none, so that no other agent changes them meanwhile. Claim all that a task will "
                + "touch in one call. A claim lasts until klock_release or the end of your session. Single edits need none: they are "
                + "protected by themselves where Klock's hooks are installed.",
            _claimInput,
            Object($$"""
                "claimed":{"type":"boolean"},"files":{{Names}},"reason":{"type":"string","enum":["WAIT","DIE","WAIT_TIMEOUT"]},
                "in_the_way":{"type":"array","items":{{Entry}} },"waited_s":{"type":"number"},"message":{"type":"string"}
                """, "claimed", "files", "message"),
            new ToolAnnotations { DestructiveHint = false, IdempotentHint = true }, isAlwaysLoaded: true),
        Of(
            Release, "Release claimed files",
            "Release files that you have claimed, as soon as you are done with them: others wait for them.",
            $$"""
            {"type":"object","properties":{{{Files}},
            "all":{"type":"boolean","description":"Everything that you have claimed, instead of files."} },"additionalProperties":false}
            """,
            Object($$"""
                "released":{{Names}},"not_claimed":{{Names}},"message":{"type":"string"}
                """, "released", "not_claimed", "message"),
            new ToolAnnotations { DestructiveHint = false, IdempotentHint = true }, isAlwaysLoaded: true),
        Of(
            Why, "Why a file is in use", "Who has a file, since when and why, who waits for it, and what to do about it.",
            """
            {"type":"object","properties":{"path":{"type":"string","minLength":1,
            "description":"The path, absolute or from the project's folder."}},"required":["path"],"additionalProperties":false}
            """,
            Object($$"""
                "file":{"type":"string"},"free":{"type":"boolean"},"yours":{"type":"boolean"},
                "holders":{"type":"array","items":{{Entry}} },"waiting":{"type":"array","items":{{Entry}} },"message":{"type":"string"}
                """, "file", "free", "yours", "holders", "waiting", "message"),
            new ToolAnnotations { ReadOnlyHint = true }),
        Of(
            Note, "Leave a note on claimed files",
            "Attach a note to files that you have claimed. Other agents read it when they ask for them.",
            $$"""{"type":"object","properties":{{{Files}},{{NoteField}}},"required":["files","note"],"additionalProperties":false}""",
            Object($$"""
                "files":{{Names}},"note":{"type":"string"},"message":{"type":"string"}
                """, "files", "note", "message"),
            new ToolAnnotations { DestructiveHint = false, IdempotentHint = true }),
    ];

    private static string Object(string properties, params string[] required) =>
        $$"""{"type":"object","properties":{ {{properties}} },"required":[{{string.Join(',', required.Select(name => $"\"{name}\""))}}]}""";

    private static Tool Of(
        string name, string title, string description, string input, string output, ToolAnnotations hints, bool isAlwaysLoaded = false)
    {
        (hints.Title, hints.OpenWorldHint) = (title, false);
        return new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = JsonDocument.Parse(input).RootElement,
            OutputSchema = JsonDocument.Parse(output).RootElement,
            Annotations = hints,
            // Claude Code hides tools behind a search unless a server asks otherwise.
            Meta = isAlwaysLoaded ? new JsonObject { ["anthropic/alwaysLoad"] = true } : null,
        };
    }
}
