namespace Klock.Coordinator.Waits;

/// <summary>A caller that blocks here, and can act as timekeeper for all waits of a store meanwhile.</summary>
internal interface ITimekeeper
{
    /// <summary>Wakes it to check whether it is the timekeeper now, and what is due. Does not block.</summary>
    void Signal();
}
