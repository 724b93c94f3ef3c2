using System.Text;

namespace Klock.Coordinator.Json;

/// <summary>A wrong value as an error message may quote it: never an oversized one.</summary>
internal static class Excerpt
{
    private const int LongestShownBytes = 40;

    public static string Of(ReadOnlySpan<byte> utf8) =>
        utf8.Length <= LongestShownBytes ? Encoding.UTF8.GetString(utf8) : $"({utf8.Length} bytes)";
}
