namespace Klock.Agents.Leases;

/// <summary>What is asked for.</summary>
/// <param name="Type">The type, as in <c>FILE</c>.</param>
/// <param name="Path">Its name, canonical.</param>
/// <param name="Predicate">To do what, as in <c>MUTATES</c>.</param>
internal sealed record WantedResource(string Type, string Path, string Predicate)
{
    /// <summary>Type and name in one text, as answers have it.</summary>
    public string Resource => $"{Type}:{Path}";
}

/// <summary>A lease that is active, or what somebody waits for.</summary>
/// <param name="AgentId">Whose.</param>
/// <param name="Resource">On what, as in <c>FILE:a.cs</c>.</param>
/// <param name="Note">Why; null when nothing was said.</param>
/// <param name="Predicate">To do what, as in <c>MUTATES</c>.</param>
internal sealed record HeldResource(string AgentId, string Resource, string? Note, string Predicate)
{
    /// <summary>Since when it is held, in ms since 1970; null for what is waited for.</summary>
    public long? SinceMs { get; init; }
}

/// <summary>One who is in the way.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="Resource">With what.</param>
/// <param name="IsHeld">Whether it holds that; else it waits for it, earlier in the queue.</param>
/// <param name="Note">Why; null when nothing was said.</param>
internal sealed record Obstacle(string AgentId, string Resource, bool IsHeld, string? Note);

/// <summary>The answer to a request for leases.</summary>
/// <param name="LeaseIds">The leases, in the order in which they were asked for; empty when refused.</param>
/// <param name="Reason">Why it was refused, as in <c>WAIT_TIMEOUT</c>; null when granted.</param>
/// <param name="Obstacles">Who is in the way, the oldest first; at most sixteen.</param>
internal sealed record AcquireAnswer(IReadOnlyList<string> LeaseIds, string? Reason, IReadOnlyList<Obstacle> Obstacles)
{
    /// <summary>Whether all was granted.</summary>
    public bool IsGranted => Reason is null;
}
