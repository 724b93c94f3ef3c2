namespace Klock.Kernel.Queues;

/// <summary>What can stand in an <see cref="ExpiryQueue{T}"/>.</summary>
/// <remarks>
/// A class for its field alone: a field of a base class lies at a known offset in whatever derives from it, and is written without a
/// virtual call. A queue of a million writes some ten of them for each entry that ends, each a cache miss; through an interface it was two.
/// </remarks>
public abstract class Queueable
{
    private protected Queueable()
    {
    }

    /// <summary>Its index in the queue's heap; -1 when it is in none.</summary>
    internal int ExpiryIndex { get; set; } = -1;
}
