using System.Buffers;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Json;
using Klock.Storage.Sqlite;

namespace Klock.Native;

/// <summary>What the exports do, each inside <see cref="Boundary"/>.</summary>
internal static class Requests
{
    /// <summary>Opens a store and puts its handle into the call. Writes nothing.</summary>
    /// <exception cref="KlockException">It cannot be opened.</exception>
    public static void Open(ref Call call, ArrayBufferWriter<byte> answer)
    {
        OpenOptions options = OpenOptions.Parse(call.Text.OrEmptyObject);
        call.Handle = Handles.Add(LocalStores.Open(options.Storage, TimeProvider.System, KernelRandom.Shared));
    }

    /// <summary>Closes a store: calls inside it end as they would have, later ones find it closed. Writes nothing.</summary>
    public static void Close(ref Call call, ArrayBufferWriter<byte> answer) => Handles.Remove(call.Handle)?.Dispose();

    /// <summary>Carries out one request.</summary>
    public static void Execute(ref Call call, ArrayBufferWriter<byte> answer)
    {
        if (Handles.Find(call.Handle) is not { } coordinator)
        {
            Answers.WriteError(answer, ErrorCode.Closed, "The handle is not open: it is NULL, closed, or from before a fork().");
        }
        else if (call.Text.IsNull && NeedsRequest(call.Operation))
        {
            Answers.WriteError(answer, ErrorCode.InvalidRequest, "The request is NULL: it must be a JSON object.");
        }
        else
        {
            coordinator.Execute(call.Operation, call.Text.OrEmptyObject, answer);
        }
    }

    /// <summary>Makes a path canonical. Needs no handle.</summary>
    public static void CanonicalPath(ref Call call, ArrayBufferWriter<byte> answer) =>
        Coordinator.Paths.CanonicalPath.Execute(call.Text.OrEmptyObject, answer);

    private static bool NeedsRequest(Operation operation) =>
        operation is not (Operation.ListLeases or Operation.ListAgents or Operation.EvictExpired or Operation.Events);
}
