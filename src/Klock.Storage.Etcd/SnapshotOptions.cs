namespace Klock.Storage.Etcd;

/// <summary>When snapshots are written, and what becomes of what they replace.</summary>
internal sealed record SnapshotOptions
{
    /// <summary>So many bytes of batches are worth a snapshot, unless the last one was larger.</summary>
    public long AfterBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How large one value of a snapshot gets, unless a single event is larger.</summary>
    public int ChunkBytes { get; init; } = 512 * 1024;

    /// <summary>So many events before a snapshot stay, for a store that is a little behind.</summary>
    public int EventsBehind { get; init; } = 8_192;

    /// <summary>A claim to write one that has not moved for so long is of a store that is gone.</summary>
    public TimeSpan ClaimLasts { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When one could not be written, the next is tried so much later.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Revisions of the cluster that are older are compacted; null for never, since others use the cluster too.</summary>
    public TimeSpan? CompactAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The time by which all that is counted: the real one, but where a day is measured in less than a day.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
