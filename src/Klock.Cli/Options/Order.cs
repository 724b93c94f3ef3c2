using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Doors;
using Klock.Cli.Output;
using Klock.Coordinator;

namespace Klock.Cli.Options;

/// <summary>A request for leases, as the command line makes it.</summary>
/// <param name="Agent">Who asks.</param>
/// <param name="Session">In which session.</param>
/// <param name="Wanted">What: all of it or none.</param>
/// <param name="TtlMs">How long a lease lasts unless it is renewed, in ms.</param>
/// <param name="WaitMs">How long to wait at the most, in ms; 0 not to wait.</param>
/// <param name="Note">Why.</param>
/// <param name="Priority">What the agent is registered with first; null to leave that.</param>
internal sealed record Order(
    string Agent, string Session, IReadOnlyList<Wanted> Wanted, long TtlMs, long WaitMs, string? Note, ulong? Priority)
{
    public static Order Read(ParseResult result, string session, long waitMs) => new(
        IdentityOptions.AgentOf(result), session, WantedOptions.Read(result), WantedOptions.TtlMs(result), waitMs,
        WantedOptions.Note(result), WantedOptions.Priority(result));

    /// <summary>What it is about.</summary>
    public IEnumerable<Named> Resources => Wanted.Select(wanted => wanted.Resource);

    /// <summary>The leases of an answer that granted them.</summary>
    public static IEnumerable<JsonElement> LeasesOf(Answer answer) =>
        answer.Data.TryGetProperty("leases", out JsonElement several) ? several.EnumerateArray() : [answer.Data];

    /// <summary>Asks for them.</summary>
    public Answer Place(IDoor door, string? requestId, CancellationToken cancel)
    {
        if (Priority is { } priority)
        {
            Answer registered = door.Ask(Operation.RegisterAgent, Request.Of(("agent_id", Agent), ("priority", priority)), cancel);
            if (!registered.IsSuccess)
            {
                return registered;
            }
        }

        long? wait = WaitMs == 0 ? null : WaitMs;
        return Wanted is [var only]
            ? door.Ask(
                Operation.Acquire,
                Request.Of(
                    ("agent_id", Agent), ("session_id", Session), ("resource_type", only.Resource.Type),
                    ("resource_path", only.Resource.Path), ("predicate", only.Predicate), ("ttl", TtlMs), ("wait_ms", wait), ("note", Note),
                    ("request_id", requestId)),
                cancel)
            : door.Ask(
                Operation.AcquireAll,
                Request.Of(
                    ("agent_id", Agent), ("session_id", Session), ("intents", Wanted), ("ttl", TtlMs), ("wait_ms", wait), ("note", Note),
                    ("request_id", requestId)),
                cancel);
    }
}
