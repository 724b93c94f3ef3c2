using Klock.Agents.Calling;
using Klock.Agents.Clients;
using Klock.Agents.Memory;
using Klock.Agents.Processes;
using Microsoft.Data.Sqlite;

namespace Klock.Agents.Tests.Policy;

/// <summary>What agents claim ahead, as hooks see it, and which agent a call of <c>klock mcp</c> comes from.</summary>
public sealed class ClaimTests : IDisposable
{
    private readonly World _world = new();

    public ClaimTests() => _world.Put("a.txt", "x");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void TheMemoryOfAnEarlierVersionIsRaised()
    {
        Agent agent = _world.Agent();
        agent.Edit("a.txt");
        using (var file = new SqliteConnection($"Data Source={AgentMemory.PathIn(_world.PlaceOf(_world.Folder))};Pooling=False"))
        {
            file.Open();
            using SqliteCommand command = file.CreateCommand();
            command.CommandText = "DROP TABLE claims; DROP TABLE calls; PRAGMA user_version = 2";
            command.ExecuteNonQuery();
        }

        Assert.Null(agent.Edit("a.txt").Reason);
        agent.Stop();
        Assert.Empty(_world.Held());
    }

    [Fact]
    public void TheEndOfATurnKeepsClaimsAndEndsEverythingElse()
    {
        Agent agent = _world.Agent();
        agent.Edit("a.txt");
        agent.Edit("b.txt");
        string claim = _world.Remembered(memory =>
        {
            HookLease lease = memory.FindLease(agent.Id, "FILE:a.txt")!;
            memory.AddClaim(lease.LeaseId, agent.Id, 1);
            return lease.LeaseId;
        });
        agent.Stop();
        Assert.Equal([$"{agent.Id} MUTATES FILE:a.txt"], _world.Held());
        agent.End();
        Assert.Empty(_world.Held());
        Assert.DoesNotContain(claim, _world.Remembered(memory => memory.ClaimsOf(agent.Id)));
    }

    [Fact]
    public void ACallIsItsClientsAgents()
    {
        Agent main = _world.Agent(process: 77), child = main.Child("c");
        child.Claim("T1", "a.txt");
        main.Claim("", "a.txt");
        string digest = McpCall.Digest("klock_claim", Agent.Input("a.txt"))!;
        AgentName? Of(McpHints hints, string? session = null) => _world.Remembered(memory => McpIdentity.Find(
            hints, memory, new ClientProcess(77, 1), name => name == "CLAUDE_CODE_SESSION_ID" ? session : null,
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
        var hints = new McpHints("claude-code", null, null, null, digest);
        Assert.Equal(child.Id, Of(hints with { CallId = "T1", Digest = "" })!.Agent);
        Assert.Equal(new AgentName(main.Id, main.Id), Of(hints));
        Assert.Equal("claude:S", Of(hints, "S")!.Agent);
        Assert.Equal(main.Id, Of(hints)!.Agent); // the only session of the process
        Assert.StartsWith("mcp:gemini-cli:", Of(hints with { ClientName = "gemini-cli" }, "S")!.Agent, StringComparison.Ordinal);
        Assert.Equal(new AgentName("codex:C/T", "codex:C"), Of(hints with { ClientName = "codex-mcp", Session = "C", Thread = "T" }));
        Assert.Equal("claude:S", Of(hints with { Session = "C", Thread = "T" }, "S")!.Agent);
    }
}
