using Klock.Agents.Leases;

namespace Klock.Cli.Transports;

/// <summary>Requests as JSON.</summary>
internal static class Request
{
    /// <summary>An object of these fields; those that are null are left out.</summary>
    public static ReadOnlyMemory<byte> Of(params ReadOnlySpan<(string Name, object? Value)> fields) => RequestJson.Of(fields);

    public static ReadOnlyMemory<byte> OnLease(string leaseId, long? ttlMs = null) => Of(("lease_id", leaseId), ("ttl", ttlMs));
}
