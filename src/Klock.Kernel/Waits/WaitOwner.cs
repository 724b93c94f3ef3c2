using Klock.Kernel.Leases;

namespace Klock.Kernel.Waits;

/// <summary>A process that waits for something through this store, and until when it is known to be alive.</summary>
/// <remarks>One sign of life renews all its waits, so that ten thousand waits of one server cost what one costs.</remarks>
internal sealed class WaitOwner(LeaseId id) : Queueable, IExpiring
{
    public LeaseId Id { get; } = id;

    public List<Waiter> Waiters { get; } = [];

    /// <summary>Until when its last sign of life counts.</summary>
    public long AliveUntilMs { get; set; }

    /// <summary>When to look which of its waits are dead: none is before.</summary>
    public long ExpiresAtMs { get; set; }

    public long Number { get; set; }
}
