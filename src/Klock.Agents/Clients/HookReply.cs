namespace Klock.Agents.Clients;

/// <summary>What a hook program answers to its client.</summary>
/// <param name="Output">Goes to stdout, in UTF-8 without a byte order mark; empty for nothing.</param>
internal sealed record HookReply(string Output)
{
    /// <summary>Nothing to say: the client goes on.</summary>
    public static HookReply Nothing { get; } = new("");
}
