using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Waits;

/// <summary>Writes the answer of a request that had to wait.</summary>
internal interface IWaitAnswer
{
    Outcome WriteAnswer(ref JsonText json, LeaseTable table, Waiter waiter, WaitOutcome outcome, IReadOnlyList<Lease> leases);
}
