using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Klock.Client;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A store's files are their owner's alone, and a file that may not be written is refused and untouched.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class PermissionTests : FileSuite
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const string OnLinux = "File modes and users are tried on Linux.";
    private const uint Nobody = 65_534;

    [Fact]
    public void Files_are_made_for_their_owner_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        Open().Acquire("a");
        string[] files = [.. Directory.EnumerateFiles(Folder.Path)];
        Assert.Equal(["klock.db", "klock.db-shm", "klock.db-wal"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(Private, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_file_that_others_may_read_keeps_its_mode()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        File.WriteAllBytes(FilePath, []);
        File.SetUnixFileMode(FilePath, Everybody);
        Open().Acquire("a");
        Assert.Equal(Everybody, File.GetUnixFileMode(FilePath));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, false)]
    [InlineData(UnixFileMode.None, true)]
    public void A_file_that_may_not_be_written_is_refused_and_untouched(UnixFileMode mode, bool isStore)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        if (isStore)
        {
            Open().Acquire("a");
            CloseAll();
        }
        else
        {
            File.WriteAllBytes(FilePath, []);
        }

        Dictionary<string, string> before = Snapshot();
        File.SetUnixFileMode(FilePath, mode);
        KlockException refused = RefusedToOthers();
        Assert.Contains(FilePath, refused.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(FilePath, Private);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void A_folder_that_may_not_be_written_gets_no_store()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        RefusedToOthers();
        Assert.Empty(Snapshot());
    }

    // Root may write anything, so root becomes nobody for the time of one call: file permissions go by the thread's fsuid.
    private KlockException RefusedToOthers()
    {
        const UnixFileMode Search = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        UnixFileMode mode = File.GetUnixFileMode(Folder.Path);

        // So that all libraries are loaded: .NET loads one when it is first needed, which the user nobody may not read, and a load that has
        // failed fails for the rest of the process.
        using (var other = new TemporaryFolder())
        {
            LocalStores.Open("sqlite:" + other.At("klock.db"), Clock, Ids).Dispose();
        }

        File.SetUnixFileMode(Folder.Path, Search);
        uint me = SetFileUser(Nobody);
        try
        {
            KlockException refused = Assert.Throws<KlockException>(() => LocalStores.Open("sqlite:" + FilePath, Clock, Ids));
            Assert.Equal(ErrorCode.StorageUnavailable, refused.Code);
            return refused;
        }
        finally
        {
            _ = SetFileUser(me);
            File.SetUnixFileMode(Folder.Path, mode);
        }
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial uint SetFileUser(uint user);
}
