using System.Text;

namespace Klock.Coordinator.Json;

/// <summary>Gives the string it gave before for the same bytes: the same few agents and sessions ask again and again.</summary>
/// <remarks>One per thread. Its size is fixed; an entry is replaced by the next text that falls on its place.</remarks>
internal sealed class TextCache
{
    private const int Places = 256;
    private const int LongestBytes = 64;

    [ThreadStatic]
    private static TextCache? t_cache;

    private readonly (byte[] Utf8, string Text)[] _entries = new (byte[], string)[Places];

    /// <summary>The text of some UTF-8 that is known to be valid.</summary>
    public static string Get(ReadOnlySpan<byte> utf8) =>
        utf8.Length is 0 or > LongestBytes ? Encoding.UTF8.GetString(utf8) : (t_cache ??= new TextCache()).Find(utf8);

    private string Find(ReadOnlySpan<byte> utf8)
    {
        // The last bytes tell names apart best: agent-1, agent-2.
        int place = ((utf8[^1] * 31) + (utf8[utf8.Length / 2] * 17) + (utf8[0] * 7) + utf8.Length) % Places;
        ref (byte[] Utf8, string Text) entry = ref _entries[place];
        if (entry.Utf8 is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return entry.Text;
    }
}
