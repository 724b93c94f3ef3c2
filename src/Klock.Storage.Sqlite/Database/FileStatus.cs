using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Storage.Sqlite.Database;

/// <summary>What the system reports about the file at a path (statx(2)).</summary>
/// <param name="Identity">Which file it is.</param>
/// <param name="Names">How many hard links it has.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="IsSymbolicLink">Whether it is one, if that was not followed.</param>
/// <param name="IsMountPoint">Whether something was mounted at this very path; null when that is unknown.</param>
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

    /// <summary>Reads the status of a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLinks">Whether a symbolic link at the path is followed.</param>
    /// <param name="isThere">Whether there is anything at the path; a dangling link is nothing, when links are followed.</param>
    /// <returns>null when there is nothing, or the system reports nothing.</returns>
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

    /// <summary>The mount that a path is on. Only the kernel is asked, so it is known also where a program serves the files.</summary>
    [SupportedOSPlatform("linux")]
    public static unsafe ulong? MountIdOf(string path)
    {
        Answer answer;
        return StatX(WorkingDirectory, path, DoNotSync, 0, &answer) == 0 && (answer.Mask & HasMountId) != 0 ? answer.MountId : null;
    }

    [SupportedOSPlatform("linux")]
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

/// <summary>Identifies one file of a running machine.</summary>
/// <param name="Device">The file system it is on; the number may differ after each boot.</param>
/// <param name="Inode">Its number there; reused once the file is gone.</param>
/// <param name="BornAtNs">When it was created, in ns since 1970; 0 when the file system does not say.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long BornAtNs);
