using System.Runtime.InteropServices;

namespace Klock.Storage.Sqlite.Database;

/// <summary>
/// Tells whether a file is on another machine. Processes of two machines share neither SQLite's shared memory nor a clock nor process
/// numbers, and a file system between them may lose locks.
/// </summary>
internal static partial class NetworkFolders
{
    private const uint Fuse = 0x65735546;

    // As statfs(2) and the kernel's magic.h number them; the last ones have no name there, and are their makers' own.
    private static readonly Dictionary<uint, string> _kinds = new()
    {
        [0x6969] = "NFS",
        [0x517B] = "SMB",
        [0xFF534D42] = "CIFS",
        [0xFE534D42] = "SMB2",
        [0x00C36400] = "Ceph",
        [0x5346414F] = "AFS",
        [0x6B414653] = "AFS",
        [0x73757245] = "Coda",
        [0x564C] = "NCP",
        [0x01021997] = "9P",
        [0x01161970] = "GFS2",
        [0x7461636F] = "OCFS2",
        [0x0BD00BD0] = "Lustre",
        [0x47504653] = "GPFS",
        [0x19830326] = "BeeGFS",
        [0x20030528] = "OrangeFS",
        [0xBACBACBC] = "VMware's shared folders",
        [0x786F4256] = "VirtualBox's shared folders",
    };

    // Any program may serve a FUSE file system, most of them from this machine: these do not.
    private static readonly HashSet<string> _remoteFuse = new(StringComparer.Ordinal)
    {
        "sshfs", "rclone", "s3fs", "gcsfuse", "goofys", "mountpoint-s3", "blobfuse", "blobfuse2", "glusterfs", "ceph-fuse", "davfs",
        "curlftpfs", "smbnetfs", "juicefs", "seaweedfs", "mfs", "vmhgfs-fuse",
    };

    /// <summary>What kind of network file system a path is on, for a person; null when it is on none that is known.</summary>
    /// <param name="path">An absolute path; the file need not be there.</param>
    public static string? Describe(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return IsNetworkDrive(path) ? "a network drive" : null;
        }

        string folder = Path.GetDirectoryName(path)!;
        return TypeOf(path) is { } ofFile ? Describe(ofFile, path)
            : TypeOf(folder) is { } ofFolder ? Describe(ofFolder, folder)
            : null;
    }

    /// <summary>The name of a type of file systems, by its number; null for local ones and for FUSE.</summary>
    public static string? NameOf(uint type) => _kinds.GetValueOrDefault(type);

    private static string? Describe(uint type, string path) =>
        type != Fuse ? NameOf(type)
        : MountTable.TypeAt(path) is ['f', 'u', 's', 'e', '.', .. string program] && _remoteFuse.Contains(program) ? program
        : null;

    private static bool IsNetworkDrive(string path)
    {
        string root = Path.GetPathRoot(path)!;
        return root.StartsWith(@"\\", StringComparison.Ordinal) || new DriveInfo(root).DriveType == DriveType.Network;
    }

    // The type is the first field of struct statfs, a word; all of them fit into 32 bits. The kernel writes 120 bytes.
    private static unsafe uint? TypeOf(string path)
    {
        long* words = stackalloc long[32];
        return StatFs(path, words) == 0 ? (uint)words[0] : null;
    }

    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatFs(string path, long* words);
}
