using System.Runtime.InteropServices;

namespace Klock.Storage.Sqlite.Database;

/// <summary>What the system tells of whatever stands at a path (statx(2)).</summary>
/// <param name="Identity">Which file it is.</param>
/// <param name="Names">How many names it has, hard links, on its file system.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="IsSymbolicLink">Whether it is one, when that was not followed.</param>
/// <param name="IsMountPoint">Whether something was mounted at this very path; null when it is not told.</param>
internal readonly partial record struct FileStatus(
    FileIdentity Identity, uint Names, long Bytes, bool IsSymbolicLink, bool? IsMountPoint)
{
    private const int WorkingDirectory = -100;
    private const int DoNotFollow = 0x100, DoNotSync = 0x4000;
    private const int NoSuchFile = 2, NotAFolder = 20;

    // Type, number of links, inode, size, birth.
    private const uint Wanted = 0x1 | 0x4 | 0x100 | 0x200 | HasBirth;
    private const uint HasBirth = 0x800, HasMountId = 0x1000;
    private const ulong MountRoot = 0x2000;
    private const int TypeMask = 0xF000, SymbolicLink = 0xA000;

    /// <summary>Looks at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLinks">Whether a symbolic link that stands there is followed.</param>
    /// <param name="isThere">Whether anything stands there; a link that leads nowhere is nothing, when it is followed.</param>
    /// <returns>null when nothing stands there, or nothing is told.</returns>
    public static unsafe FileStatus? Read(string path, out bool isThere, bool followsLinks = true)
    {
        Answer answer;
        if (!OperatingSystem.IsLinux())
        {
            isThere = Path.Exists(path);
            return null;
        }

        if (StatX(WorkingDirectory, path, followsLinks ? 0 : DoNotFollow, Wanted, &answer) != 0)
        {
            isThere = Marshal.GetLastPInvokeError() is not (NoSuchFile or NotAFolder) && Path.Exists(path);
            return null;
        }

        isThere = true;

        long bornAtNs = (answer.Mask & HasBirth) != 0 ? (answer.BirthSeconds * 1_000_000_000) + answer.BirthNanoseconds : 0;
        return new FileStatus(
            new FileIdentity(((ulong)answer.DeviceMajor << 32) | answer.DeviceMinor, answer.Inode, bornAtNs),
            answer.Links,
            (long)answer.Size,
            (answer.Mode & TypeMask) == SymbolicLink,
            (answer.AttributesMask & MountRoot) != 0 ? (answer.Attributes & MountRoot) != 0 : null);
    }

    /// <summary>The mount that a path is on. Nobody is asked for it, so that it is told too where a program serves the files.</summary>
    public static unsafe ulong? MountIdOf(string path)
    {
        Answer answer;
        return StatX(WorkingDirectory, path, DoNotSync, 0, &answer) == 0 && (answer.Mask & HasMountId) != 0 ? answer.MountId : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, Answer* answer);

    // struct statx
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Answer
    {
        [FieldOffset(0)]
        public readonly uint Mask;

        [FieldOffset(8)]
        public readonly ulong Attributes;

        [FieldOffset(16)]
        public readonly uint Links;

        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Inode;

        [FieldOffset(40)]
        public readonly ulong Size;

        [FieldOffset(56)]
        public readonly ulong AttributesMask;

        [FieldOffset(80)]
        public readonly long BirthSeconds;

        [FieldOffset(88)]
        public readonly uint BirthNanoseconds;

        [FieldOffset(136)]
        public readonly uint DeviceMajor;

        [FieldOffset(140)]
        public readonly uint DeviceMinor;

        [FieldOffset(144)]
        public readonly ulong MountId;
    }
}

/// <summary>One file of a running machine, told apart from every other.</summary>
/// <param name="Device">The file system it is on; another number after each start of the machine, perhaps.</param>
/// <param name="Inode">Its number there; given again once it is gone.</param>
/// <param name="BornAtNs">When it was made, in ns since 1970; 0 when the file system does not say.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long BornAtNs);
