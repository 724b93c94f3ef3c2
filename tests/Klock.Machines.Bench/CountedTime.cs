namespace Klock.Machines.Bench;

/// <summary>A time that passes with what is done, at so much a second: so that a day's load takes as long as it takes.</summary>
internal sealed class CountedTime(int perSecond) : TimeProvider
{
    private long _done;

    public override long TimestampFrequency => perSecond;

    public override long GetTimestamp() => Volatile.Read(ref _done);

    public void Add(int done) => Interlocked.Add(ref _done, done);
}
