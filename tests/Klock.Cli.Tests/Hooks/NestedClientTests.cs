using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary>A coding agent that another one has started in its shell: what runs in its own shell is its own.</summary>
public sealed class NestedClientTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public NestedClientTests()
    {
        foreach (string name in new[]
        {
            "CLAUDE_CODE_SESSION_ID", "CODEX_SESSION_ID", "CODEX_THREAD_ID", "KLOCK_AGENT_ID", "KLOCK_SESSION_ID",
        })
        {
            _place.Environment[name] = null;
        }
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("CLAUDE_CODE_SESSION_ID=c", "CODEX_SESSION_ID=x CODEX_THREAD_ID=x", "codex:x")]
    [InlineData("CODEX_SESSION_ID=x CODEX_THREAD_ID=x", "CLAUDE_CODE_SESSION_ID=c", "claude:c")]
    [InlineData("CLAUDE_CODE_SESSION_ID=c", "CLAUDE_CODE_SESSION_ID=d", "claude:d")]
    [InlineData("KLOCK_AGENT_ID=opencode:o KLOCK_SESSION_ID=opencode:o", "CLAUDE_CODE_SESSION_ID=c", "claude:c")]
    [InlineData("CLAUDE_CODE_SESSION_ID=c", "KLOCK_AGENT_ID=opencode:o/p KLOCK_SESSION_ID=opencode:o/p", "opencode:o/p")]
    public void The_inner_one_is_who_asks(string outer, string inner, string agent) =>
        Assert.Equal((agent, agent), Asked(outer, inner));

    // A name that no hook gives is somebody's own word.
    [Theory]
    [InlineData("KLOCK_AGENT_ID=worker KLOCK_SESSION_ID=night", "CLAUDE_CODE_SESSION_ID=c", "worker", "night")]
    [InlineData("CLAUDE_CODE_SESSION_ID=c", "KLOCK_AGENT_ID=worker KLOCK_SESSION_ID=night", "worker", "night")]
    [InlineData("PLAIN=1", "KLOCK_AGENT_ID=cline:window-1 KLOCK_SESSION_ID=window-1", "cline:window-1", "window-1")]
    public void Who_says_a_name_has_it(string outer, string inner, string agent, string session) =>
        Assert.Equal((agent, session), Asked(outer, inner));

    // Each shell is a process of its own, as those of two clients are.
    private (string Agent, string Session) Asked(string outer, string inner)
    {
        File.WriteAllText(_place.At("inner.sh"), "klock acquire --file a.ts\ntrue\n");
        File.WriteAllText(_place.At("outer.sh"), $"env {inner} sh inner.sh\ntrue\n");
        using Running shell = _place.StartOther("env", [.. outer.Split(' '), "sh", "outer.sh"]);
        string[] row = Assert.Single(shell.End().Well().Rows);
        return (row[3], row[4]);
    }
}
