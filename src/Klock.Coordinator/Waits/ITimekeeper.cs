namespace Klock.Coordinator.Waits;

/// <summary>A caller that blocks here, and can keep time for all waits of a store meanwhile.</summary>
internal interface ITimekeeper
{
    /// <summary>Wakes it to look: whether it now keeps time, or what is due. Does not block.</summary>
    void Signal();
}
