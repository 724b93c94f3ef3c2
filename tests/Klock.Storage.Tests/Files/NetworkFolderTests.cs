using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Klock.Client;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Database;
using Klock.Storage.Tests.Harness;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A file on another machine is no place for a store, unless the user says that it is.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class NetworkFolderTests : FileSuite
{
    private const string KernelHeader = "/usr/include/linux/magic.h";
    private const int DetachNow = 2;

    [Fact]
    public void A_network_file_system_is_refused_and_nothing_is_made()
    {
        KlockException refused = RefusedOn("fuse.sshfs", options: "");
        Assert.Equal(ErrorCode.StorageUnavailable, refused.Code);
        Assert.Contains("network file system (sshfs)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("?network=allow", refused.Message, StringComparison.Ordinal);
    }

    // The mount below lets nobody in, so opening fails all the same: but not because it is a network file system.
    [Theory]
    [InlineData("fuse.sshfs", "?network=allow")]
    [InlineData("fuse.gocryptfs", "")]
    public void One_that_is_allowed_or_local_is_tried(string type, string options)
    {
        KlockException refused = RefusedOn(type, options);
        Assert.DoesNotContain("network file system", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folders_of_tests_are_local() => Assert.Null(NetworkFolders.Describe(FilePath));

    [Theory]
    [InlineData("NFS_SUPER_MAGIC", "NFS")]
    [InlineData("SMB_SUPER_MAGIC", "SMB")]
    [InlineData("CIFS_SUPER_MAGIC", "CIFS")]
    [InlineData("SMB2_SUPER_MAGIC", "SMB2")]
    [InlineData("CEPH_SUPER_MAGIC", "Ceph")]
    [InlineData("AFS_SUPER_MAGIC", "AFS")]
    [InlineData("AFS_FS_MAGIC", "AFS")]
    [InlineData("CODA_SUPER_MAGIC", "Coda")]
    [InlineData("NCP_SUPER_MAGIC", "NCP")]
    [InlineData("V9FS_MAGIC", "9P")]
    [InlineData("OCFS2_SUPER_MAGIC", "OCFS2")]
    [InlineData("EXT4_SUPER_MAGIC", null)]
    [InlineData("XFS_SUPER_MAGIC", null)]
    [InlineData("BTRFS_SUPER_MAGIC", null)]
    [InlineData("TMPFS_MAGIC", null)]
    [InlineData("OVERLAYFS_SUPER_MAGIC", null)]
    public void File_systems_are_known_by_the_numbers_of_the_kernels_header(string name, string? kind)
    {
        Assert.SkipUnless(File.Exists(KernelHeader), "The kernel's headers are not installed.");
        string[] words = File.ReadLines(KernelHeader)
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .First(words => words is ["#define", _, ..] && words[1] == name);
        Assert.Equal(kind, NetworkFolders.NameOf(Convert.ToUInt32(words[2], 16)));
    }

    // A FUSE mount that belongs to another user reports its type without any program behind it.
    private KlockException RefusedOn(string type, string options)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/dev/fuse"), "Mounting is for root, and needs /dev/fuse.");
        using SafeFileHandle fuse = File.OpenHandle("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        string folder = Directory.CreateDirectory(Folder.At("mounted")).FullName;
        int descriptor = (int)fuse.DangerousGetHandle();
        Assert.Equal(0, Mount("nowhere", folder, type, 0, $"fd={descriptor},rootmode=40000,user_id=12345,group_id=12345"));
        try
        {
            return Assert.Throws<KlockException>(() => LocalStores.Open($"sqlite:{folder}/klock.db{options}", Clock, Ids));
        }
        finally
        {
            Assert.Equal(0, Unmount(folder, DetachNow));
        }
    }

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string options);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
