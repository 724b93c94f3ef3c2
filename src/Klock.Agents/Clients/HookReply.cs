namespace Klock.Agents.Clients;

/// <summary>What a hook program answers to its client.</summary>
/// <param name="Output">Goes to stdout, in UTF-8 without a byte order mark; empty for nothing.</param>
internal sealed record HookReply(string Output)
{
    /// <summary>What wakes the agent: goes to stderr, with exit code 2; null not to.</summary>
    public string? Wake { get; init; }

    /// <summary>Nothing to say: the client goes on.</summary>
    public static HookReply Nothing { get; } = new("");
}
