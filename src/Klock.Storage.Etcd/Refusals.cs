using Grpc.Core;
using Klock.Coordinator.Stores.Replicated;

namespace Klock.Storage.Etcd;

/// <summary>What etcd's errors mean.</summary>
internal static class Refusals
{
    /// <summary>Either that it is not known what happened, or why nothing did.</summary>
    public static IOException Of(RpcException failed)
    {
        string detail = failed.Status.Detail;
        bool has(string words) => detail.Contains(words, StringComparison.OrdinalIgnoreCase);
        return failed.StatusCode switch
        {
            StatusCode.ResourceExhausted when has("space exceeded") => new IOException(
                "etcd's quota is full, and it takes nothing until an operator has run: etcdctl compact, etcdctl defrag, "
                + "etcdctl alarm disarm", failed),
            StatusCode.InvalidArgument when has("too large") => new IOException(
                "etcd takes no request of that size (its --max-request-bytes, 1.5 MiB unless set): ask for less at once", failed),
            StatusCode.OutOfRange when has("compacted") => new CompactedException("what was asked for is compacted", failed),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.InvalidArgument or StatusCode.Unimplemented
                or StatusCode.FailedPrecondition or StatusCode.DataLoss or StatusCode.OutOfRange =>
                new IOException($"etcd refuses: {detail}", failed),
            _ => new NoAnswerException($"etcd: {failed.StatusCode}, {detail}", failed),
        };
    }
}
