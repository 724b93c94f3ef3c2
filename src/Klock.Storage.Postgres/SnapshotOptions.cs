namespace Klock.Storage.Postgres;

/// <summary>When snapshots are written, and what becomes of what they stand for.</summary>
internal sealed record SnapshotOptions
{
    /// <summary>So many bytes of batches are worth a snapshot, unless the last one was larger.</summary>
    public long AfterBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>So many events before a snapshot stay, for a store that is a little behind.</summary>
    public int EventsBehind { get; init; } = 8_192;
}
