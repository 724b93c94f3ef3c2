using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Klock;

/// <summary>What root creates in another user's folder is given to the owner of that folder.</summary>
/// <remarks>
/// Otherwise a single <c>sudo klock …</c> in a repository would make a store that its owner cannot open. The folder that counts is the one
/// that really contains the file: a symbolic link placed where root is about to write gives nobody a file in a folder of root's.
/// </remarks>
internal static unsafe partial class FolderOwner
{
    private const uint Root = 0;
    private const int AtCurrentFolder = -100, EmptyPath = 0x1000;

    // struct statx (statx(2)).
    private const int Bytes = 256;
    private const int OwnerOffset = 20;
    private const int GroupOffset = 24;
    private const uint OwnerAndGroup = 0x8 | 0x10;

    /// <summary>Changes the owner of an open file that this process has just created.</summary>
    public static void Give(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux() && EffectiveUser() == Root)
        {
            Give((int)file.DangerousGetHandle());
        }
    }

    /// <summary>Changes the owner of a folder or a socket that this process has just created.</summary>
    public static void Give(string path)
    {
        if (!OperatingSystem.IsLinux() || EffectiveUser() != Root)
        {
            return;
        }

        int file = Open(path, OpenFlags.PathOnly | OpenFlags.CloseOnExec | OpenFlags.NoFollow);
        if (file >= 0)
        {
            Give(file);
            _ = Close(file);
        }
    }

    // Where it does not succeed, the file stays root's.
    [SupportedOSPlatform("linux")]
    private static void Give(int file)
    {
        byte* facts = stackalloc byte[Bytes];
        string? path = new FileInfo($"/proc/self/fd/{file}").LinkTarget;
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder
            && ReadStatus(AtCurrentFolder, folder, 0, OwnerAndGroup, facts) == 0
            && *(uint*)(facts + OwnerOffset) is not Root and uint owner)
        {
            _ = ChangeOwner(file, "", owner, *(uint*)(facts + GroupOffset), EmptyPath);
        }
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "fchownat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(int file, string path, uint owner, uint group, int flags);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(int folder, string path, int flags, uint mask, byte* facts);
}
