using Klock.Agents.Clients;
using Klock.Agents.Content;
using Klock.Agents.Settings;

namespace Klock.Agents.Policy;

/// <summary>One call of the hook program: the event, and what it is decided with.</summary>
internal sealed record Hook : Caller
{
    /// <summary>The client's ways.</summary>
    public required IClient Client { get; init; }

    /// <summary>What the user has set.</summary>
    public required HookSettings Settings { get; init; }

    /// <summary>Gives a variable; null when it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>How <c>klock</c> is started, as a shell reads it.</summary>
    public required string Program { get; init; }

    /// <summary>The tool call, for the leases that it uses: never empty, which would mean that they are idle.</summary>
    /// <remarks>Some clients give no ids: there a call is known by its input, which the event after it repeats.</remarks>
    public string Call => Happened.Tool is not { } tool ? "-"
        : tool.CallId.Length > 0 ? tool.CallId : $"-{ContentHash.OfText(tool.Subject)}";
}
