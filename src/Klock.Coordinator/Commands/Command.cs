using Klock.Coordinator.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Commands;

/// <summary>One request, read and checked, that a store runs and that writes its own answer.</summary>
internal abstract class Command : IStoreCommand
{
    private Reply? _reply;

    /// <summary>The wait that stands for the answer, when the request has to wait.</summary>
    public PendingWait? Pending { get; protected set; }

    /// <summary>Whether it only reads, and changes nothing.</summary>
    public virtual bool OnlyReads => false;

    public virtual Concern? Concern => null;

    /// <summary>Where the answer is written when the store runs the command.</summary>
    public void AnswerTo(Reply reply) => _reply = reply;

    public void Run(LeaseTable table, long nowMs, LocalWaits waits)
    {
        // Of an earlier run, which was taken back.
        _reply!.Clear();
        if (Pending is { } earlier)
        {
            waits.Forget(earlier);
            Pending = null;
        }

        var json = new JsonText(_reply.Writer);
        _reply.Outcome = Run(table, nowMs, waits, ref json);
        json.Finish();
    }

    /// <summary>Decides, and writes the answer.</summary>
    /// <returns>The kind of answer; none yet when the request has to wait.</returns>
    protected abstract Outcome Run(LeaseTable table, long nowMs, LocalWaits waits, ref JsonText json);

    /// <summary>Whether a caller may know of a lease. A lease it may not know of is answered as unknown.</summary>
    protected static bool Sees(NamespaceScope scope, LeaseTable table, LeaseId id) =>
        !scope.IsConfined || table.FindLease(id) is not { } lease || scope.Sees(lease);

    /// <summary>Writes why a command on one lease was not carried out.</summary>
    protected static Outcome WriteLeaseError(ref JsonText json, CommandStatus status, LeaseState? ended)
    {
        (ErrorCode code, string sentence) = (status, ended) switch
        {
            (CommandStatus.LeaseExpired, _) =>
                (ErrorCode.Expired, "The lease has run out; what it protected may have changed: acquire again and read again."),
            (_, LeaseState.Revoked) => (ErrorCode.UnknownLease, "lease_id names a lease that an operator has revoked."),
            _ => (ErrorCode.UnknownLease, "lease_id names no active lease: it was released, it ended long ago, or it never existed."),
        };
        return Answers.WriteError(ref json, code, sentence);
    }
}
