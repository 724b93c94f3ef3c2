namespace Klock.Storage.Tests.Replicated.OnFile;

/// <summary>How a journal in a file is kept.</summary>
internal sealed record FileJournalOptions
{
    /// <summary>Whether what was answered survives power loss, and not only a crash of the process.</summary>
    public bool WaitsForDisk { get; init; } = true;

    /// <summary>So many bytes of batches are worth a snapshot, unless the last one was larger.</summary>
    public long SnapshotAfterBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>So many events before a snapshot stay, for a store that is a little behind.</summary>
    public int EventsBehind { get; init; } = 8_192;
}
