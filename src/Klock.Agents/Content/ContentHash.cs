using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Klock.Agents.Content;

/// <summary>Compares a file's content with an earlier one. Not against forgery: it compares what agents saw.</summary>
internal static partial class ContentHash
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
            using FileStream stream = Open(path);
            if (!stream.CanSeek)
            {
                return null; // a pipe, a terminal
            }

            if (stream.Length > MaxBytes)
            {
                return $"{stream.Length}@{file.LastWriteTimeUtc.Ticks}";
            }

            // No more than that: a device has no end.
            var hash = new XxHash128();
            byte[] part = new byte[64 * 1024];
            long rest = stream.Length;
            while (rest > 0 && stream.Read(part, 0, (int)Math.Min(rest, part.Length)) is > 0 and { } read)
            {
                hash.Append(part.AsSpan(0, read));
                rest -= read;
            }

            return Convert.ToHexStringLower(hash.GetCurrentHash());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    // To open a pipe that nobody writes to would wait for ever.
    private static FileStream Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.OpenRead(path);
        }

        const int NonBlocking = 0x800, CloseOnExec = 0x80000;
        var handle = new SafeFileHandle(OpenFile(path, NonBlocking | CloseOnExec), ownsHandle: true);
        return handle.IsInvalid ? throw new IOException("it cannot be opened") : new FileStream(handle, FileAccess.Read, bufferSize: 0);
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);
}
