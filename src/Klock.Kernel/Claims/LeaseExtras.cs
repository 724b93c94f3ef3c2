namespace Klock.Kernel.Claims;

/// <summary>Fields that few leases use, in an object of their own, so that the other leases need no room for them.</summary>
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
