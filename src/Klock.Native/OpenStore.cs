using Klock.Coordinator;
using Klock.Coordinator.Tickets;

namespace Klock.Native;

/// <summary>The open store of a handle.</summary>
/// <param name="coordinator">Answers its requests; disposed by the caller that ends the handle.</param>
internal sealed class OpenStore(LeaseCoordinator coordinator)
{
    /// <summary>Answers requests, blocking the thread of one that waits.</summary>
    public LeaseCoordinator Coordinator { get; } = coordinator;

    /// <summary>Answers waiting requests without a thread for each.</summary>
    public TicketDesk Tickets { get; } = new(coordinator, TimeProvider.System);
}
