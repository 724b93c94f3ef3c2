namespace Klock.Agents.Memory;

/// <summary>Which calls were refused of agents that are told when they may try again, and which hook waits for what.</summary>
internal sealed partial class AgentMemory
{
    // No call's id begins so.
    private const string Waiting = "(waiting) ";

    /// <summary>Remembers that a call was refused.</summary>
    public void AddRefusal(string agent, string call, long atMs) =>
        _file.Statement("INSERT OR REPLACE INTO refusals (agent, call, at) VALUES (?, ?, ?)").Bind(agent).Bind(call).Bind(atMs).Run();

    /// <summary>Takes that out. Returns whether it was there: of several who look, one is told.</summary>
    public bool TakeRefusal(string agent, string call) => IsAnyRow(
        _file.Statement("DELETE FROM refusals WHERE agent = ? AND call = ? RETURNING call").Bind(agent).Bind(call));

    /// <summary>Notes that a hook waits from now on until an agent may have a resource.</summary>
    public void BeginWaiting(string agent, string resource, long atMs) => AddRefusal(agent, Waiting + resource, atMs);

    /// <summary>Whether the hook that began at that time is still the last one that waits for it.</summary>
    public bool IsWaiting(string agent, string resource, long atMs) => IsAnyRow(
        _file.Statement("SELECT call FROM refusals WHERE agent = ? AND call = ? AND at = ?")
            .Bind(agent).Bind(Waiting + resource).Bind(atMs));
}
