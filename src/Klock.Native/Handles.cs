using Klock.Coordinator;
using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>Maps numbers to open stores. A number is never used twice, so a stale handle can only be found closed.</summary>
/// <remarks>
/// <para>Thread-safe; a look-up takes no lock. A handle is an index into the table, in its lower bits, and a serial number above.</para>
/// <para>Serial numbers start at the time since the boot, in µs: a forked child loads the library again, later than any handle its
/// parent had opened by then, and so uses none of the numbers it inherited.</para>
/// </remarks>
internal static class Handles
{
    /// <summary>How many stores can be open at once.</summary>
    public const int Most = 1 << PlaceBits;

    private const int PlaceBits = 12;

    private static readonly Entry?[] Places = new Entry?[Most];
    private static readonly Lock Opening = new();
    private static ulong s_serial = (ulong)TimeProvider.System.GetElapsedTime(0).TotalMicroseconds;

    /// <summary>Gives an open store a handle. Never 0.</summary>
    /// <exception cref="KlockException">Too many are open; the store is disposed then.</exception>
    public static ulong Add(LeaseCoordinator coordinator)
    {
        lock (Opening)
        {
            int place = Array.IndexOf(Places, null);
            if (place < 0)
            {
                coordinator.Dispose();
                throw new KlockException(ErrorCode.InvalidRequest, $"{Most} stores are open, which is the most: close one first.");
            }

            ulong handle = (++s_serial << PlaceBits) | (uint)place;
            Volatile.Write(ref Places[place], new Entry(handle, new OpenStore(coordinator)));
            return handle;
        }
    }

    /// <summary>The open store of a handle; null if there is none.</summary>
    public static OpenStore? Find(ulong handle) => At(handle)?.Store;

    /// <summary>
    /// Ends a handle and returns its store for the caller to dispose; null if none is open, or another thread was first.
    /// </summary>
    public static LeaseCoordinator? Remove(ulong handle)
    {
        Entry? entry = At(handle);
        bool mine = entry is not null && Interlocked.CompareExchange(ref Places[PlaceOf(handle)], null, entry) == entry;
        return mine ? entry!.Store.Coordinator : null;
    }

    private static Entry? At(ulong handle) =>
        Volatile.Read(ref Places[PlaceOf(handle)]) is { } entry && entry.Handle == handle ? entry : null;

    private static int PlaceOf(ulong handle) => (int)(handle & (Most - 1));

    private sealed class Entry(ulong handle, OpenStore store)
    {
        public ulong Handle { get; } = handle;

        public OpenStore Store { get; } = store;
    }
}
