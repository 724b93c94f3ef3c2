using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>A request for leases, as the command line makes it.</summary>
/// <param name="Agent">Who asks.</param>
/// <param name="Session">In which session.</param>
/// <param name="Wanted">The leases: all or none.</param>
/// <param name="TtlMs">How long a lease lasts unless it is renewed, in ms.</param>
/// <param name="WaitMs">How long to wait at the most, in ms; 0 not to wait.</param>
/// <param name="Note">Why.</param>
/// <param name="Priority">The priority that the agent is registered with first; null for none.</param>
internal sealed record LeaseRequest(
    string Agent, string Session, IReadOnlyList<Wanted> Wanted, long TtlMs, long WaitMs, string? Note, ulong? Priority)
{
    private static readonly TimeSpan _givingBack = TimeSpan.FromSeconds(1);

    public static LeaseRequest Read(ParseResult result, string session, long waitMs) => new(
        IdentityOptions.AgentOf(result), session, WantedOptions.Read(result), WantedOptions.TtlMs(result), waitMs,
        WantedOptions.Note(result), WantedOptions.Priority(result));

    /// <summary>The resources that it asks for.</summary>
    public IEnumerable<Named> Resources => Wanted.Select(wanted => wanted.Resource);

    /// <summary>Sends the request, and waits as long as it says, also while a server restarts.</summary>
    /// <param name="transport">Where to.</param>
    /// <param name="requestId">An idempotency key of the user's own; null for none.</param>
    /// <param name="cancel">Gives up: nothing is left behind.</param>
    /// <exception cref="CliFailure">No answer; or it would wait for the command that this process is a part of.</exception>
    public Answer Send(ITransport transport, string? requestId, CancellationToken cancel)
    {
        if (WaitMs == 0)
        {
            return SendOnce(transport, requestId, wait: null, cancel);
        }

        // With an idempotency key a repeated request gets the lease that it was granted before its connection broke.
        string? name = requestId ?? (transport.IsServer ? IdentityOptions.Random("request") : null);
        try
        {
            var patience = TimeSpan.FromMilliseconds(WaitMs);
            using var notice = WaitingNotice.Start(transport, this);
            return RideOut.Run(
                transport.Clock, patience, RideOut.FirstPatience, Out.ComplainOf,
                left =>
                {
                    Nesting.Refuse(transport, this);
                    return SendOnce(transport, name, wait: Math.Max(1, (long)Math.Ceiling(left.TotalMilliseconds)), cancel);
                },
                cancel);
        }
        catch (OperationCanceledException) when (transport.IsServer && requestId is null)
        {
            GiveBack(transport, name!);
            throw;
        }
    }

    // A lease that was granted under a key just as its caller gave up stays granted: nobody else knows that it is not wanted.
    private void GiveBack(ITransport transport, string name) =>
        _ = Enumerable.Range(0, transport.Servers).Any(_ => TryGiveBack(transport, name));

    private bool TryGiveBack(ITransport transport, string name)
    {
        using var limit = new CancellationTokenSource(_givingBack / transport.Servers);
        try
        {
            Answer answer = SendOnce(transport, name, wait: null, limit.Token);
            foreach (JsonElement lease in answer.Outcome.IsSuccess ? answer.Leases : [])
            {
                transport.Ask(Operation.Release, Request.OnLease(lease.GetProperty("lease_id").GetString()!), limit.Token);
            }

            return true;
        }
        catch (Exception failure) when (failure is CliFailure or OperationCanceledException)
        {
            // The lease expires by itself.
            return false;
        }
    }

    /// <summary>Asks once, without a word to a person.</summary>
    /// <param name="transport">Whom.</param>
    /// <param name="requestId">The request's idempotency key; null for none.</param>
    /// <param name="wait">How long to wait at the most, in ms; null not to.</param>
    /// <param name="cancel">Gives up.</param>
    public Answer SendOnce(ITransport transport, string? requestId, long? wait, CancellationToken cancel)
    {
        if (Priority is { } priority)
        {
            Answer registered = transport.Ask(Operation.RegisterAgent, Request.Of(("agent_id", Agent), ("priority", priority)), cancel);
            if (!registered.Outcome.IsSuccess)
            {
                return registered;
            }
        }

        return Wanted is [var only]
            ? transport.Ask(
                Operation.Acquire,
                Request.Of(
                    ("agent_id", Agent), ("session_id", Session), ("resource_type", only.Resource.Type),
                    ("resource_path", only.Resource.Path), ("predicate", only.Predicate), ("ttl", TtlMs), ("wait_ms", wait), ("note", Note),
                    ("request_id", requestId)),
                cancel)
            : transport.Ask(
                Operation.AcquireAll,
                Request.Of(
                    ("agent_id", Agent), ("session_id", Session), ("intents", Wanted.Select(each => each.ToIntent()).ToArray()),
                    ("ttl", TtlMs), ("wait_ms", wait), ("note", Note),
                    ("request_id", requestId)),
                cancel);
    }
}
