using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>The work of the exports, each inside <see cref="Boundary"/>.</summary>
internal static class Requests
{
    /// <summary>Opens a store and stores its handle in the call. Writes nothing.</summary>
    /// <exception cref="KlockException">It cannot be opened.</exception>
    public static void Open(ref Call call, Reply reply)
    {
        OpenOptions options = OpenOptions.Parse(call.Text.OrEmptyObject);
        call.Handle = Handles.Add(Stores.Open(options, Environment.GetEnvironmentVariable, TimeProvider.System, KernelRandom.Shared));
    }

    /// <summary>Closes a store: calls inside it end as they would have, later ones find it closed. Writes nothing.</summary>
    public static void Close(ref Call call, Reply reply) => Handles.Remove(call.Handle)?.Dispose();

    /// <summary>Carries out one request.</summary>
    public static void Execute(ref Call call, Reply reply)
    {
        if (StoreOf(ref call, NeedsRequest(call.Operation), reply) is { } store)
        {
            store.Coordinator.Execute(call.Operation, call.Text.OrEmptyObject, reply);
        }
    }

    /// <summary>Submits a request, collects answers, or cancels a ticket.</summary>
    public static void Ticket(ref Call call, Reply reply)
    {
        if (StoreOf(ref call, call.TicketVerb != TicketVerb.Collect, reply) is not { } store)
        {
            return;
        }

        switch (call.TicketVerb)
        {
            case TicketVerb.Submit:
                store.Tickets.Submit(call.Text.OrEmptyObject, reply);
                break;
            case TicketVerb.Collect:
                store.Tickets.Collect(call.Text.OrEmptyObject, reply);
                break;
            default:
                store.Tickets.Cancel(call.Text.OrEmptyObject, reply);
                break;
        }
    }

    /// <summary>Makes a path canonical. Needs no handle.</summary>
    public static void CanonicalPath(ref Call call, Reply reply) =>
        Klock.Client.CanonicalPath.Execute(call.Text.OrEmptyObject, reply);

    // If it is null, the error has been written.
    private static OpenStore? StoreOf(ref Call call, bool needsRequest, Reply reply)
    {
        OpenStore? store = Handles.Find(call.Handle);
        if (store is null)
        {
            Answers.WriteError(reply, ErrorCode.Closed, "The handle is not open: it is NULL, closed, or from before a fork().");
        }
        else if (call.Text.IsNull && needsRequest)
        {
            Answers.WriteError(reply, ErrorCode.InvalidRequest, "The request is NULL: it must be a JSON object.");
            return null;
        }

        return store;
    }

    private static bool NeedsRequest(Operation operation) => operation is not (
        Operation.ListLeases or Operation.ListWaiters or Operation.ListAgents or Operation.Snapshot or Operation.EvictExpired
            or Operation.Events);
}
