using Klock.Agents.Clients;
using Klock.Agents.Content;
using Klock.Agents.Events;
using Klock.Agents.Settings;

namespace Klock.Agents.Policy;

/// <summary>One call of the hook program: the event, and what it is decided with.</summary>
internal sealed record Hook
{
    /// <summary>What happened.</summary>
    public required AgentEvent Happened { get; init; }

    /// <summary>The client's ways.</summary>
    public required IClient Client { get; init; }

    /// <summary>What the user has set.</summary>
    public required HookSettings Settings { get; init; }

    /// <summary>The stores.</summary>
    public required Places Places { get; init; }

    /// <summary>The client's process; 0 where it is not known.</summary>
    public required int Process { get; init; }

    /// <summary>When that started, so that another process that got its number is not mistaken for it.</summary>
    public required long ProcessStarted { get; init; }

    /// <summary>Gives a variable; null when it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>How <c>klock</c> is started, as a shell reads it.</summary>
    public required string Program { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>Who is meant by the event: the agent id, and the session id of its leases.</summary>
    public string Agent => Happened.AgentId;

    /// <summary>The tool call, for the leases that it uses: never empty, which would mean that they are idle.</summary>
    /// <remarks>Some clients give no ids: there a call is known by its input, which the event after it repeats.</remarks>
    public string Call => Happened.Tool is not { } tool ? "-"
        : tool.CallId.Length > 0 ? tool.CallId : $"-{ContentHash.OfText(tool.Subject)}";

    /// <summary>The time, in ms since 1970.</summary>
    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
