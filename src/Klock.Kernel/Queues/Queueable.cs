namespace Klock.Kernel.Queues;

/// <summary>What can stand in an <see cref="ExpiryQueue{T}"/>.</summary>
/// <remarks>
/// A class for its field alone: it stands first in whatever derives from it, and is written without a look at what that is. A queue of
/// a million writes some ten of them for each that ends, each a cache miss; with a call through an interface it was two.
/// </remarks>
public abstract class Queueable
{
    private protected Queueable()
    {
    }

    /// <summary>Where it stands in its queue; -1 when it does not.</summary>
    internal int ExpiryIndex { get; set; } = -1;
}
