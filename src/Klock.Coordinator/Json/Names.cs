namespace Klock.Coordinator.Json;

/// <summary>The names of fields that several answers have.</summary>
internal static class Names
{
    public static ReadOnlySpan<byte> Success => "success"u8;

    public static ReadOnlySpan<byte> LeaseId => "lease_id"u8;

    public static ReadOnlySpan<byte> AgentId => "agent_id"u8;

    public static ReadOnlySpan<byte> SessionId => "session_id"u8;

    public static ReadOnlySpan<byte> Resource => "resource"u8;

    public static ReadOnlySpan<byte> Namespace => "namespace"u8;

    public static ReadOnlySpan<byte> Predicate => "predicate"u8;

    public static ReadOnlySpan<byte> State => "state"u8;

    public static ReadOnlySpan<byte> AcquiredAt => "acquired_at"u8;

    public static ReadOnlySpan<byte> Ttl => "ttl"u8;

    public static ReadOnlySpan<byte> ExpiresAt => "expires_at"u8;

    public static ReadOnlySpan<byte> FencingToken => "fencing_token"u8;

    public static ReadOnlySpan<byte> Note => "note"u8;
}
