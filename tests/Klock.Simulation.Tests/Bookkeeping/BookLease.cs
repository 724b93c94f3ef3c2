using Klock.Kernel.Claims;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>An active lease in the books.</summary>
internal sealed class BookLease
{
    public required BookSession Session { get; init; }

    /// <summary>What it is on, and to do what now.</summary>
    public required Want Want { get; set; }

    public LeaseId Id => Want.LeaseId;

    public required long Token { get; set; }

    public required long AcquiredAtMs { get; init; }

    public required long TtlMs { get; set; }

    public required long ExpiresAtMs { get; set; }

    public required long LastHeartbeatMs { get; set; }

    public string? RequestId { get; init; }

    public string? Note { get; init; }

    public override string ToString() => $"{Session} holds {Want} (token {Token}, until {ExpiresAtMs})";
}
