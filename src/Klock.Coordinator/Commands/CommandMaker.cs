using System.Runtime.CompilerServices;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Paths;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>Makes the command that a request asks for. Thread-safe.</summary>
/// <param name="store">Where it will run.</param>
/// <param name="ids">Where lease ids come from.</param>
/// <param name="root">Which absolute paths relative names stand for; null for none.</param>
internal sealed class CommandMaker(IStore store, ILeaseIdSource ids, StoreRoot? root)
{
    /// <summary>Checks a request as far as that is possible without the state.</summary>
    /// <exception cref="KlockException">The request is not right, or must not be carried out.</exception>
    public Command Read(Operation operation, ReadOnlySpan<byte> request, NamespaceScope scope)
    {
        switch (operation)
        {
            // These two have no fields, so their request is not parsed.
            case Operation.EvictExpired:
                scope.RequireAll();
                return new EvictExpired();
            case Operation.Health:
                return store.Room is { Problem: { } problem }
                    ? throw new KlockException(ErrorCode.StorageUnavailable, $"Nothing can be granted: {problem}.")
                    : new Health(scope, store.Room);
            default:
                return ReadFields(operation, request, scope);
        }
    }

    // Not inlined: it would have to clear the table of fields at the start of every request.
    [SkipLocalsInit, MethodImpl(MethodImplOptions.NoInlining)]
    private Command ReadFields(Operation operation, ReadOnlySpan<byte> request, NamespaceScope scope)
    {
        // Constructed in place: as an argument it would be copied.
        var fields = new RequestFields(request);
        fields.Root = root;
        fields.Scope = scope;
        return Read(operation, fields);
    }

    private Command Read(Operation operation, in RequestFields request) => operation switch
    {
        Operation.RegisterAgent => new RegisterAgent(request),
        Operation.Acquire => new Acquire(request, ids),
        Operation.AcquireAll => new AcquireAll(request, ids),
        Operation.DeclareIntents => new DeclareIntents(request),
        Operation.Heartbeat => new Heartbeat(request),
        Operation.Release => new Release(request),
        Operation.Revoke => new Revoke(request),
        Operation.ListLeases => new ListCommand<Lease>(
            new LeaseListing(new ClaimFilter(request), Page.ReadAfter(request)), new Page(request)),
        Operation.ListAgents => new ListCommand<Agent>(
            new AgentListing(request.Scope, agentId: null, AgentCursor.Read(request)), new Page(request)),
        Operation.ChangeLease => new ChangeLease(request, ids),
        Operation.RenewSession => new RenewSession(request),
        Operation.EndSession => new EndSession(request),
        Operation.GetLease => new GetLease(request),
        Operation.ListWaiters => new ListCommand<Waiter>(
            new WaiterListing(new ClaimFilter(request), Page.ReadAfter(request)), new Page(request)),
        Operation.Snapshot => new Snapshot(request),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "not an operation"),
    };
}
