using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Klock.Storage.Sqlite.Database;

/// <summary>
/// Finds out whether a file is on another machine. Processes of two machines share neither SQLite's shared memory nor a clock nor process
/// ids, and a file system between them may lose locks.
/// </summary>
internal static partial class NetworkFolders
{
    // As statfs(2) and the kernel's magic.h number them; the last ones are not in there, they are their makers' own.
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

    // Those that most files are on: their type need not be looked up. FUSE is not one of them, since any program may implement it.
    private static readonly HashSet<uint> _local =
    [
        0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0x794C7630, 0x2FC12FC1, 0xF2F52010, 0xCA451A4E, 0x858458F6, 0x4D44, 0x2011BAB0,
    ];

    // Any program may serve a FUSE file system, most of them on this machine: those listed here are remote.
    private static readonly HashSet<string> _remoteFuse = new(StringComparer.Ordinal)
    {
        "sshfs", "rclone", "s3fs", "gcsfuse", "goofys", "mountpoint-s3", "blobfuse", "blobfuse2", "glusterfs", "ceph-fuse", "davfs",
        "curlftpfs", "smbnetfs", "juicefs", "seaweedfs", "mfs",
    };

    // File systems between a host and its virtual machines: those of Docker Desktop, WSL and the hypervisors. Each side has its own memory
    // and locks, and those are what keeps two processes apart on one file.
    private static readonly HashSet<string> _betweenMachines = new(StringComparer.Ordinal)
    {
        "virtiofs", "grpcfuse", "osxfs", "fakeowner", "9p", "drvfs", "vboxsf", "prl_fs", "prl_fsd", "vmhgfs", "vmhgfs-fuse", "hgfs",
    };

    /// <summary>What kind of network file system a path is on, for a person; null when it is on no known one.</summary>
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

    /// <summary>The name of a file system by its number; null for local ones, and for those known only by the name of their type.</summary>
    public static string? NameOf(uint type) => _kinds.GetValueOrDefault(type);

    /// <summary>The kind of a type's name in the mount table; null for local ones.</summary>
    public static string? KindOf(string mountType)
    {
        string type = mountType.StartsWith("fuse.", StringComparison.Ordinal) ? mountType["fuse.".Length..] : mountType;
        return _betweenMachines.Contains(type) ? $"{type}, which a host and its virtual machine share"
            : _remoteFuse.Contains(type) ? type
            : null;
    }

    [SupportedOSPlatform("linux")]
    private static string? Describe(uint type, string path) =>
        NameOf(type)
        ?? (!_local.Contains(type) && FileStatus.MountIdOf(path) is { } mount && MountTable.TypeOf(mount) is { } name
            ? KindOf(name)
            : null);

    private static bool IsNetworkDrive(string path)
    {
        // macOS mounts drives on folders, and any folder may be asked about.
        string root = OperatingSystem.IsMacOS() ? Path.GetDirectoryName(path)! : Path.GetPathRoot(path)!;
        return root.StartsWith(@"\\", StringComparison.Ordinal) || new DriveInfo(root).DriveType == DriveType.Network;
    }

    // The type is the first field of struct statfs, a word; all of them fit into 32 bits. The kernel writes 120 bytes.
    [SupportedOSPlatform("linux")]
    private static unsafe uint? TypeOf(string path)
    {
        long* words = stackalloc long[32];
        return StatFs(path, words) == 0 ? (uint)words[0] : null;
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatFs(string path, long* words);
}
