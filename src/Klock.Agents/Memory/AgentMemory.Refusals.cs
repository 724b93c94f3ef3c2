namespace Klock.Agents.Memory;

/// <summary>Which calls were refused of agents that are told when they may try again.</summary>
internal sealed partial class AgentMemory
{
    /// <summary>Remembers that a call was refused.</summary>
    public void AddRefusal(string agent, string call, long atMs) =>
        _file.Statement("INSERT OR REPLACE INTO refusals (agent, call, at) VALUES (?, ?, ?)").Bind(agent).Bind(call).Bind(atMs).Run();

    /// <summary>Takes that out. Returns whether it was there: of several who look, one is told.</summary>
    public bool TakeRefusal(string agent, string call) => IsAnyRow(
        _file.Statement("DELETE FROM refusals WHERE agent = ? AND call = ? RETURNING call").Bind(agent).Bind(call));
}
