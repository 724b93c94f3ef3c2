namespace Klock.Storage.Tests.Harness;

/// <summary>A clock that throws once, at the n-th call after it was armed. Thread-safe.</summary>
internal sealed class FaultyClock(TimeProvider clock) : TimeProvider
{
    private int _left;

    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <summary>Whether it is still to throw.</summary>
    public bool IsArmed => Volatile.Read(ref _left) > 0;

    public void ThrowAt(int look) => Volatile.Write(ref _left, look);

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp()
    {
        if (Volatile.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) == 0)
        {
            throw new PlantedFaultException("the clock's fault");
        }

        return clock.GetTimestamp();
    }
}
