using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>The highest number that an answer has depended on. Noted on the file once in a while, for those who open it later.</summary>
/// <remarks><see cref="Publish"/> is thread-safe, the others are called under the store's lock.</remarks>
internal sealed class PublishedNumbers
{
    private static readonly TimeSpan NoteEvery = TimeSpan.FromSeconds(1);

    private long _highest;
    private long _noted;
    private long _notedAt;

    /// <summary>Whether the file was found to hold an earlier state, and was not reopened since.</summary>
    public bool WentBack { get; set; }

    /// <summary>What is known for reopening the file.</summary>
    public KnownBefore Known => new(Highest, WentBack);

    private long Highest => Interlocked.Read(ref _highest);

    /// <summary>All events up to this number are on the disk, and an answer depends on them.</summary>
    public void Publish(long sequence)
    {
        for (long highest = Highest; sequence > highest;)
        {
            highest = Interlocked.CompareExchange(ref _highest, sequence, highest);
        }
    }

    /// <summary>Notes it, if that was not done for a while: it costs some microseconds.</summary>
    public void NoteNowAndThen(SqliteFile file, TimeProvider time)
    {
        if (Highest > _noted && time.GetElapsedTime(_notedAt) >= NoteEvery)
        {
            Note(file);
            _notedAt = time.GetTimestamp();
        }
    }

    /// <summary>Writes the highest number into an attribute of the file, unless it is there already.</summary>
    public void Note(SqliteFile? file)
    {
        if (file is not null && Highest > _noted && file.IsStanding())
        {
            _noted = Highest;
            HeadMark.Raise(file.RealPath, _noted);
        }
    }
}
