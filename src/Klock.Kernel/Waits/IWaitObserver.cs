using Klock.Kernel.Claims;

namespace Klock.Kernel.Waits;

/// <summary>Is notified when waits end, also those of other processes.</summary>
public interface IWaitObserver
{
    /// <summary>A wait has ended. Called on the thread that runs or applies the command, once the state has it.</summary>
    /// <param name="waiter">Which.</param>
    /// <param name="outcome">How.</param>
    /// <param name="leases">What it got, in the order it asked, when it was granted; else empty.</param>
    void Ended(Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases);
}
