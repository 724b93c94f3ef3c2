namespace Klock.Storage.Postgres;

/// <summary>What a journal is measured by.</summary>
internal sealed record JournalOptions
{
    /// <summary>So many bytes of batches are worth a snapshot, unless the last one was larger.</summary>
    public long SnapshotAfterBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>So many events before a snapshot stay, for a store that is a little behind.</summary>
    public int EventsBehind { get; init; } = 8_192;

    /// <summary>How long an answer may take: whoever cannot reach the database is told within a second.</summary>
    public TimeSpan AnswersWithin { get; init; } = TimeSpan.FromMilliseconds(900);
}
