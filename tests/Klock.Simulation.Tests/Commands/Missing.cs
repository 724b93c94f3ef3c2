using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Simulation.Tests.Bookkeeping;

namespace Klock.Simulation.Tests.Commands;

/// <summary>The answer to a command on a lease that is not active.</summary>
internal static class Missing
{
    // Ended leases are remembered for a bounded time; within an hour nothing of a run may be forgotten.
    private const long RememberedMs = 60 * 60 * 1000;

    /// <summary>The status that must be answered; null when the lease is active.</summary>
    /// <param name="id">The lease.</param>
    /// <param name="book">The book.</param>
    /// <param name="told">What was answered: for one that ended long ago, either is right.</param>
    public static CommandStatus? Of(LeaseId id, Book book, CommandStatus told)
    {
        if (book.FindLease(id) is not null)
        {
            return null;
        }

        if (!book.Ended.TryGetValue(id, out (LeaseState State, long AtMs) ended) || ended.State != LeaseState.Expired)
        {
            return CommandStatus.UnknownLease;
        }

        return book.NowMs - ended.AtMs > RememberedMs && told == CommandStatus.UnknownLease ? told : CommandStatus.LeaseExpired;
    }
}
