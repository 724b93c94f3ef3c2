namespace Klock.Kernel;

/// <summary>The limits of a table. What is above one already, as in a file of another Klock, stays; nothing is added.</summary>
/// <remarks>Checked when a request comes: one that waits by then may be granted later, above the limit on leases.</remarks>
public sealed record TableLimits
{
    /// <summary>Leases in all.</summary>
    public int Leases { get; init; } = 4 * 1024 * 1024;

    /// <summary>Leases of one session.</summary>
    public int SessionLeases { get; init; } = 1024 * 1024;

    /// <summary>Requests that wait, in all.</summary>
    public int Waits { get; init; } = 256 * 1024;

    /// <summary>Requests of one session that wait.</summary>
    public int SessionWaits { get; init; } = 4 * 1024;

    /// <summary>Requests that wait for one and the same name.</summary>
    public int NameWaits { get; init; } = 64 * 1024;
}
