using System.Globalization;
using System.Runtime.InteropServices;

namespace Klock.Storage.Sqlite.Database;

/// <summary>The mounts that this process sees (proc_pid_mountinfo(5)).</summary>
internal static partial class MountTable
{
    private const int WorkingDirectory = -100;
    private const int DoNotSync = 0x4000;
    private const uint HasMountId = 0x1000;
    private const int MountIdOffset = 144;

    /// <summary>The type of the file system that a path is on, as <c>mount</c> names it; null when it is not told.</summary>
    public static string? TypeAt(string path) => MountId(path) is { } id ? TypeOf(id) : null;

    // statx(2) fills in the mount whatever is asked for; what needs no answer of a FUSE program is all that is wanted.
    private static unsafe ulong? MountId(string path)
    {
        byte* answer = stackalloc byte[256];
        return StatX(WorkingDirectory, path, DoNotSync, 0, answer) == 0 && (*(uint*)answer & HasMountId) != 0
            ? *(ulong*)(answer + MountIdOffset)
            : null;
    }

    // A line: id, parent, device, root, mount point, options, optional fields, "-", type, source, more options.
    private static string? TypeOf(ulong id)
    {
        try
        {
            string start = id.ToString(CultureInfo.InvariantCulture) + " ";
            string? line = File.ReadLines("/proc/self/mountinfo")
                .FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));
            return line?[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' ')[0];
        }
        catch (Exception untold) when (untold is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* answer);
}
