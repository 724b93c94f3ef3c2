using Klock.Agents.Leases;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Resources;

namespace Klock.Agents.Claims;

/// <summary>An agent that calls over HTTP: its files may be on another machine, so their names are taken as they come.</summary>
/// <param name="agent">Its agent id.</param>
/// <param name="connection">Its connection.</param>
/// <param name="space">The namespace that its files are in; empty for none.</param>
/// <param name="leases">The server's leases, as it may use them.</param>
/// <param name="cancel">Cancelled when it gives up.</param>
internal sealed class PlainClaimant(string agent, string connection, string space, ILeases leases, CancellationToken cancel) : IClaimant
{
    private readonly ClaimStore _store = new(space, leases, Place: null);

    public string Agent => agent;

    public string Connection => connection;

    public CancellationToken Cancel => cancel;

    public ClaimFile Find(string path) =>
        Resource.TryCreate(ResourceType.File, path, out Resource? resource, out string? problem)
            ? new ClaimFile(resource!.Path, _store)
            : throw new KlockException(ErrorCode.InvalidRequest, $"'{path}' {problem}");

    public IReadOnlyList<ClaimStore> Stores() => [_store];

    public AcquireAnswer Ask(ClaimStore store, IReadOnlyList<WantedResource> wanted, long waitMs, string? note) =>
        store.Leases.Acquire(Agent, wanted, ClaimBook.TtlMs, waitMs, note, Cancel);
}
