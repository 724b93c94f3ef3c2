using Klock.Kernel.Claims;
using Klock.Kernel.Undo;
using Klock.Kernel.Waits;

namespace Klock.Kernel;

/// <summary>A request that is repeated while it waits: its callers share one place.</summary>
/// <remarks>
/// A client whose server went away asks again under the same request id, and its first wait may stand for some seconds more. If the
/// repeat had a place of its own, it would stand behind elders that wait for the first one, and be refused with DIE because of them; or the
/// first one would be queued, and the repeat be refused because its session may not park. So it shares the place of the first, gets what
/// that gets, and has the place to itself when the first ends without a grant.
/// </remarks>
public sealed partial class LeaseTable
{
    /// <summary>Who has the place of a wait once that has ended so; null when the place goes with it.</summary>
    private static Waiter? SuccessorOf(Waiter ended, WaitOutcome outcome) =>
        ended is { Joins: null, JoinedBy: [{ } first, ..] }
        && outcome is WaitOutcome.TimedOut or WaitOutcome.OwnerGone or WaitOutcome.Cancelled or WaitOutcome.Closed
            ? first
            : null;

    /// <summary>Ends a wait that was granted, and the others that share its place, at once: nobody shares that of one that has ended.
    /// </summary>
    private void EndGranted(Waiter waiter)
    {
        EndWait(waiter, WaitOutcome.Granted);
        foreach (Waiter joined in waiter.JoinedBy is { Count: > 0 } all ? all.ToArray() : [])
        {
            if (!joined.HasEnded)
            {
                TryGiveGranted(joined);
            }
        }
    }

    // The claims stay where they are in the trees, and so does whoever watches them.
    private void Succeed(Waiter successor)
    {
        if (_undo is { } undo)
        {
            ref Change change = ref undo.Note(ChangeKind.WaitSucceeded, successor);
            (change.Before, change.Node, change.Number) = (successor.Joins, successor.Claims, successor.Number);
        }

        successor.TakeJoinedPlace();
        successor.Session.CountQueued(successor, +1);
        _waitExpiries.Update(successor);
        NoteNew(successor);
    }
}
