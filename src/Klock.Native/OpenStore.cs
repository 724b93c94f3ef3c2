using Klock.Coordinator;
using Klock.Coordinator.Tickets;

namespace Klock.Native;

/// <summary>What a handle stands for.</summary>
/// <param name="coordinator">Answers its requests; disposed by whoever ends the handle.</param>
internal sealed class OpenStore(LeaseCoordinator coordinator)
{
    /// <summary>Answers requests, blocking the thread of one that waits.</summary>
    public LeaseCoordinator Coordinator { get; } = coordinator;

    /// <summary>Answers requests that wait without a thread each.</summary>
    public TicketDesk Tickets { get; } = new(coordinator, TimeProvider.System);
}
