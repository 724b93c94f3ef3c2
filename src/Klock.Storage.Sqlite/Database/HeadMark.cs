using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Klock.Storage.Sqlite.Database;

/// <summary>
/// The highest number that a store is known to have reached, in an extended attribute of its file (xattr(7)): a backup that is written
/// over the file brings back its content, and leaves this.
/// </summary>
internal static partial class HeadMark
{
    private const string Name = "user.klock.head";
    private const int MostBytes = 20;

    /// <summary>The number; 0 where there is none, or the file system has no extended attributes.</summary>
    public static unsafe long Read(string path)
    {
        byte* value = stackalloc byte[MostBytes];
        nint bytes = OperatingSystem.IsLinux() ? GetAttribute(path, Name, value, MostBytes) : -1;
        return bytes > 0 && long.TryParse(new ReadOnlySpan<byte>(value, (int)bytes), CultureInfo.InvariantCulture, out long number)
            ? number
            : 0;
    }

    /// <summary>Raises it. It never falls, but when two processes raise it at once: it may then miss the higher of the two.</summary>
    public static unsafe void Raise(string path, long number)
    {
        if (OperatingSystem.IsLinux() && number > Read(path))
        {
            byte[] value = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
            fixed (byte* first = value)
            {
                // Where it cannot be kept, a file that was restored while no process had it open is detected by other means (Restored).
                _ = SetAttribute(path, Name, first, (nuint)value.Length, flags: 0);
            }
        }
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint GetAttribute(string path, string name, byte* value, nuint bytes);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int SetAttribute(string path, string name, byte* value, nuint bytes, int flags);
}
