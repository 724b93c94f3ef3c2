using Grpc.Core;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Journal;

namespace Klock.Storage.Etcd;

/// <summary>What etcd's errors mean, and what an operator can do.</summary>
internal static class Refusals
{
    /// <summary>The quota is used up.</summary>
    public const string IsFull = "etcd's quota is full, and it stores nothing until an operator has run, in this order: "
        + "etcdctl compact <revision>, etcdctl defrag --cluster, etcdctl alarm disarm";

    // What etcd says, and what is told.
    private static readonly (string Says, string Told)[] _known =
    [
        ("invalid user ID or password",
            "etcd does not know the user or the password: check user= in the store's name, and KLOCK_ETCD_PASSWORD or password_file="),
        ("user name is empty",
            "etcd wants a user: add user=<name> to the options of the store's name, and set KLOCK_ETCD_PASSWORD or password_file="),
        ("authentication is not enabled", "etcd asks for no user: take user= out of the store's name, or enable auth in etcd"),
        ("permission denied", "etcd's user may not use these keys: grant its role readwrite on the prefix of the store"),
    ];

    /// <summary>Either that it is not known what happened, or why nothing did.</summary>
    public static IOException Of(RpcException failed)
    {
        string detail = failed.Status.Detail;
        bool has(string words) => detail.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (Array.Find(_known, each => has(each.Says)).Told is { } told)
        {
            return new IOException(told, failed);
        }

        return failed.StatusCode switch
        {
            StatusCode.ResourceExhausted when has("space exceeded") => new IOException(IsFull, failed),
            StatusCode.InvalidArgument when has("too large") => new IOException(
                "etcd takes no request of that size (its --max-request-bytes, 1.5 MiB unless set): ask for less at once", failed),
            StatusCode.OutOfRange when has("compacted") => new CompactedException("what was asked for is compacted", failed),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.InvalidArgument or StatusCode.Unimplemented
                or StatusCode.FailedPrecondition or StatusCode.DataLoss or StatusCode.OutOfRange =>
                new IOException($"etcd refuses: {detail}", failed),
            StatusCode.DeadlineExceeded => new NoAnswerException("etcd does not answer in time", failed),
            _ => new NoAnswerException(WhyUnreachable(failed), failed),
        };
    }

    private static string WhyUnreachable(RpcException failed)
    {
        var why = Unreachable.Of(failed.Status.Detail, failed.Status.DebugException);
        return why.Says("UntrustedRoot") || why.Says("PartialChain") || why.Says("NotSignatureValid")
                ? "etcd's certificate was signed by an authority that is not known here: name its file with ca= in the store's name"
            : why.Says("NameMismatch") ? "etcd's certificate is for another host than the store's name has"
            : why.Says("certificate required") || why.Says("bad certificate") || why.Says("did not complete the HTTP/2 handshake")
                ? "etcd closes the connection: it may want a certificate of this server, or another (cert= and key= in the store's name)"
            : $"etcd cannot be reached: {why.Innermost}";
    }
}
