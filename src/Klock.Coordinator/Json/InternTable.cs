namespace Klock.Coordinator.Json;

/// <summary>Returns what was made of the same bytes before: the same few agents, sessions and files are named again and again.</summary>
/// <remarks>Not thread-safe. Its size is fixed; an entry is replaced by the next one with the same index.</remarks>
internal sealed class InternTable<T>
    where T : class
{
    private const int Places = 256;
    private const int LongestBytes = 96;

    private readonly (byte[] Utf8, T Made)[] _entries = new (byte[], T)[Places];

    public T? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestBytes)
        {
            return null;
        }

        ref (byte[] Utf8, T Made) entry = ref _entries[PlaceOf(utf8)];
        return entry.Utf8 is not null && utf8.SequenceEqual(entry.Utf8) ? entry.Made : null;
    }

    /// <summary>Keeps what was made of some bytes, unless there are too many of them; returns it.</summary>
    public T Add(ReadOnlySpan<byte> utf8, T made)
    {
        if (utf8.Length is not 0 and <= LongestBytes)
        {
            _entries[PlaceOf(utf8)] = (utf8.ToArray(), made);
        }

        return made;
    }

    // The last bytes distinguish names best: agent-1, agent-2.
    private static int PlaceOf(ReadOnlySpan<byte> utf8) =>
        ((utf8[^1] * 31) + (utf8[utf8.Length / 2] * 17) + (utf8[0] * 7) + utf8.Length) % Places;
}
