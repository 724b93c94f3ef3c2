namespace Klock.Agents.Events;

/// <summary>What the policy decided about an event.</summary>
/// <param name="Reason">Why the tool is blocked, for the model; null to let it run.</param>
/// <param name="Context">What the agent should know; null for nothing.</param>
internal sealed record Decision(string? Reason, string? Context)
{
    /// <summary>It goes on, and there is nothing to say.</summary>
    public static Decision Allow { get; } = new(null, null);

    /// <summary>The command that is to run in place of the one that was to; null for that.</summary>
    public string? Command { get; init; }

    /// <summary>Why an agent that has gone on, or stopped, is to be woken; null not to.</summary>
    public string? Wake { get; init; }

    /// <summary>Whether the tool is blocked.</summary>
    public bool Blocks => Reason is not null;

    /// <summary>The tool must not run.</summary>
    public static Decision Block(string reason) => new(reason, null);
}
