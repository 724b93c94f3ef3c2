using Klock.Coordinator.Json;
using Klock.Kernel;

namespace Klock.Coordinator.Commands;

/// <summary>One of the lists that a caller can read in pages.</summary>
internal abstract class Listing<T>
{
    /// <summary>The entries that are wanted, in order, the first being the one after the cursor.</summary>
    public abstract IEnumerable<T> Select(LeaseTable table, long nowMs);

    /// <summary>Writes one entry.</summary>
    public abstract void Write(ref JsonText json, T entry);

    /// <summary>Writes, as a field of this name, the cursor after which the entries that follow this one are listed.</summary>
    public abstract void WriteCursor(ref JsonText json, ReadOnlySpan<byte> name, T last);
}
