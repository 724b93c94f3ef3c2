using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Client.Files;

/// <summary>What the system reports about the file at a path.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">The id of its owner.</param>
/// <param name="Group">The id of its group.</param>
/// <param name="Device">The file system it is on.</param>
/// <param name="Inode">Its number there; with <paramref name="Device"/> no other file has it.</param>
/// <remarks>File.Exists says no when it may not look. That is an error here: a repository that is missed means a wrong store.</remarks>
public readonly partial record struct FileFacts(FileKind Kind, uint Owner, uint Group, ulong Device, ulong Inode)
{
    private const int AtCurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7FF;

    // struct statx (statx(2)).
    private const int Bytes = 256;
    private const int OwnerOffset = 20;
    private const int GroupOffset = 24;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;

    private const int NoSuchFile = 2;
    private const int NotAFolder = 20;
    private const int NameTooLong = 36;

    /// <summary>The facts of the file at a path; null when there is nothing.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follows">Whether a symbolic link is followed.</param>
    /// <exception cref="IOException">They cannot be read; the message names the path and the reason.</exception>
    public static FileFacts? Of(string path, bool follows = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        return OperatingSystem.IsLinux() ? OnLinux(path, follows) : Elsewhere(path, follows);
    }

    [SupportedOSPlatform("linux")]
    private static unsafe FileFacts? OnLinux(string path, bool follows)
    {
        byte* facts = stackalloc byte[Bytes];
        if (ReadStatus(AtCurrentFolder, path, follows ? 0 : NoFollow, BasicStats, facts) == 0)
        {
            return new FileFacts(
                KindOf(*(ushort*)(facts + ModeOffset)), *(uint*)(facts + OwnerOffset), *(uint*)(facts + GroupOffset),
                *(ulong*)(facts + DeviceOffset), *(ulong*)(facts + InodeOffset));
        }

        int error = Marshal.GetLastPInvokeError();
        return error is NoSuchFile or NotAFolder or NameTooLong
            ? null
            : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private static FileFacts? Elsewhere(string path, bool follows)
    {
        bool isFolder = Directory.Exists(path);
        bool isLink = !follows && new FileInfo(path).LinkTarget is not null;
        return isLink || isFolder || File.Exists(path)
            ? new FileFacts(isLink ? FileKind.Link : isFolder ? FileKind.Folder : FileKind.File, 0, 0, 0, 0)
            : null;
    }

    private static FileKind KindOf(int mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        0xC000 => FileKind.Socket,
        _ => FileKind.Other,
    };

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int ReadStatus(int folder, string path, int flags, uint mask, byte* facts);
}
