using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Klock.Agents.Content;

/// <summary>Tells whether a file's content is the same as before. Not against forgery: it compares what agents saw.</summary>
internal static class ContentHash
{
    /// <summary>Of a longer file only its length and its time count: agents do not write such files by hand.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>The hash for a file that is not there.</summary>
    public const string Missing = "-";

    /// <summary>The hash of a text.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(XxHash128.Hash(MemoryMarshal.AsBytes(text.AsSpan())));

    /// <summary>The hash of a file's content; <see cref="Missing"/> where no file is; null when it cannot be read.</summary>
    public static string? Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Directory.Exists(path) ? null : Missing;
            }

            // A link counts as what it leads to, which is what a tool writes.
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                return $"{stream.Length}@{file.LastWriteTimeUtc.Ticks}";
            }

            var hash = new XxHash128();
            hash.Append(stream);
            return Convert.ToHexStringLower(hash.GetCurrentHash());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}
