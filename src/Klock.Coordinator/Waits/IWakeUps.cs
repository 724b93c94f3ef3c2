namespace Klock.Coordinator.Waits;

/// <summary>Lets other processes wake the timekeeper of this one, when they have ended one of its waits. Thread-safe.</summary>
public interface IWakeUps
{
    /// <summary>Forgets the wake-ups until now. Called before the store is looked at, so that none after that is lost.</summary>
    void Clear();

    /// <summary>Blocks until there is a wake-up, at most so long. It may return without one.</summary>
    void Sleep(TimeSpan longest);

    /// <summary>Wakes whoever sleeps here, from within this process.</summary>
    void Wake();
}
