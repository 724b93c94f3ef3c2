namespace Klock.Kernel.Claims;

/// <summary>What few leases have: apart, so that the others need no room for it.</summary>
internal sealed class LeaseExtras
{
    public string? Note { get; set; }

    public string? RequestId { get; set; }

    public LeaseId BoundTo { get; set; }

    // Links of the list of what is bound to the process.
    public Lease? NextBound { get; set; }

    public Lease? PreviousBound { get; set; }

    public bool IsOfSharedSession { get; set; }

    public Waiter? QueuedChange { get; set; }

    public long FirstToken { get; set; }

    public WatchList? Watchers { get; set; }
}
