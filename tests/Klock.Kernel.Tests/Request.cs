using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests;

/// <summary>Short words for commands of hand-written tests.</summary>
internal static class Request
{
    // Far above the ids that tests draw for themselves, since all tests share it.
    private static long _lastId = 1L << 40;

    public static Resource Resource(ResourceType type, string path)
    {
        bool accepted = Klock.Kernel.Resources.Resource.TryCreate(type, path, out Resource? resource, out string? problem);
        Assert.True(accepted, $"{path} {problem}");
        return resource!;
    }

    public static Resource File(string path) => Resource(ResourceType.File, path);

    extension(AcquireOutcome outcome)
    {
        /// <summary>The lease of a request that asks for one; null when it was not granted.</summary>
        public Lease? Lease => outcome.Leases.Count == 0 ? null : outcome.Leases[0];
    }

    /// <summary>Asks for a lease under a fresh id.</summary>
    public static AcquireOutcome Acquire(
        this LeaseTable table,
        string agent,
        string session,
        Resource resource,
        Predicate predicate,
        long nowMs,
        long ttlMs = 60_000,
        string? requestId = null)
    {
        CommandStatus status = table.TryAcquire(agent, session, resource, predicate, nowMs, out AcquireOutcome outcome, ttlMs, requestId);
        Assert.Equal(CommandStatus.Done, status);
        return outcome;
    }

    /// <summary>As <see cref="Acquire"/>, for requests that may be refused as such.</summary>
    public static CommandStatus TryAcquire(
        this LeaseTable table,
        string agent,
        string session,
        Resource resource,
        Predicate predicate,
        long nowMs,
        out AcquireOutcome outcome,
        long ttlMs = 60_000,
        string? requestId = null)
    {
        var request = new AcquireRequest
        {
            AgentId = agent,
            SessionId = session,
            Wanted = [new WantedLease(new LeaseId((UInt128)Interlocked.Increment(ref _lastId)), resource, predicate)],
            TtlMs = ttlMs,
            RequestId = requestId,
        };
        return table.Acquire(request, nowMs, out outcome);
    }

    /// <summary>Acquires what must be free.</summary>
    public static Lease Hold(
        this LeaseTable table, string agent, string session, Resource resource, Predicate predicate, long nowMs, long ttlMs = 60_000) =>
        table.Acquire(agent, session, resource, predicate, nowMs, ttlMs).Lease
            ?? throw new InvalidOperationException($"{resource} is not free for {agent}");
}
