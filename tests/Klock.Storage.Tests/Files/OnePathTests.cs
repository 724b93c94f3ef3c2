using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Hammering;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>
/// SQLite keeps a file's log beside the path it was opened by. A file with two paths would have two logs, and both sides would be granted
/// everything: so it is refused, by a sentence that says what to do.
/// </summary>
public sealed partial class OnePathTests : FileSuite
{
    private const string OnLinux = "Links and mounts are told apart on Linux.";

    public static TheoryData<string> Parts => new("", "-wal", "-shm");

    [Fact]
    public void A_file_with_two_names_is_refused_by_both()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        Open().Acquire("a");
        CloseAll();
        string other = Other();
        HardLink(FilePath, other);
        Dictionary<string, string> before = Snapshot();
        Assert.Contains("2 names (hard links)", Refused(FilePath), StringComparison.Ordinal);
        Assert.Contains("2 names (hard links)", Refused(other), StringComparison.Ordinal);
        Assert.Contains("2 names (hard links)", Refused(FilePath, "?network=allow"), StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
        File.Delete(other);
        Assert.Single(Open().ActiveIds());
    }

    [Fact]
    public void A_name_that_is_added_under_its_users_stops_them_until_it_is_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        StoreClient client = Open();
        string held = client.Acquire("a").LeaseId;
        string other = Other();
        HardLink(FilePath, other);
        Answer refused = client.Acquire("b", path: "free");
        Assert.Equal("STORAGE_UNAVAILABLE", refused.Code);
        Assert.Contains("hard links", refused.Error, StringComparison.Ordinal);
        Refused(other);
        File.Delete(other);
        Assert.Equal("DIE", client.Acquire("b").Reason);
        Assert.True(client.Release(held).Success);
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-shm")]
    public void What_lies_beside_it_may_have_no_other_name_either(string part)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        using (LeaseCoordinator oneShot = LocalStores.Open($"sqlite:{FilePath}", Clock, Ids, keepsLog: true))
        {
            new StoreClient(oneShot).Acquire("a");
        }

        HardLink(FilePath + part, Other());
        Assert.Contains(FilePath + part, Refused(FilePath), StringComparison.Ordinal);
        File.Delete(FilePath + part);
        File.CreateSymbolicLink(FilePath + part, Other());
        Assert.Contains("symbolic link", Refused(FilePath), StringComparison.Ordinal);
    }

    // As with a compose file that has ./klock.db:/app/klock.db: the container sees the file, and not its folder.
    [Theory]
    [MemberData(nameof(Parts))]
    public async Task A_file_that_is_mounted_by_itself_is_refused(string part)
    {
        StoreClient outside = Open();
        string held = outside.Acquire("a").LeaseId;
        Directory.CreateDirectory(Folder.At("app"));
        foreach (string at in (string[])["", part])
        {
            File.WriteAllText(Folder.At("app/klock.db" + at), "");
        }

        string script = $"touch '{Folder.At("app/klock.db")}' && mount --bind '{FilePath}{part}' '{Folder.At("app/klock.db")}{part}'";
        string answer = await AskInside(script, Folder.At("app/klock.db"));
        Assert.Contains("is mounted by itself", answer, StringComparison.Ordinal);
        Assert.Contains("mount its folder", answer, StringComparison.Ordinal);
        Assert.Equal([held], outside.ActiveIds());
    }

    [Fact]
    public async Task A_folder_that_is_mounted_is_one_store_with_what_it_is_elsewhere()
    {
        StoreClient outside = Open();
        outside.Acquire("a");
        Directory.CreateDirectory(Folder.At("app"));
        string answer = await AskInside($"mount --bind '{Folder.Path}' '{Folder.At("app")}'", Folder.At("app/klock.db"));
        Assert.Contains("\"reason\":\"DIE\"", answer, StringComparison.Ordinal);
    }

    [Fact, SupportedOSPlatform("linux")]
    public void Mounts_are_found_in_the_systems_table_where_nothing_better_tells_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), OnLinux);
        Assert.True(Sqlite.Database.MountTable.HasMountPoint("/proc"));
        Assert.False(Sqlite.Database.MountTable.HasMountPoint("/proc/self"));
        Assert.Equal("proc", Sqlite.Database.MountTable.TypeOf(Sqlite.Database.FileStatus.MountIdOf("/proc")!.Value));
    }

    // What a process answers that asks for the same lease inside a mount namespace of its own.
    private async Task<string> AskInside(string mount, string path)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && MayMount(), "A mount namespace of its own is for root, and a sandbox may not let it mount.");
        using HammerProcess inside = HammerProcess.StartIn(
            ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", mount + " && exec \"$@\"", "sh"],
            "ask", "sqlite:" + path, Folder.At("answer"), "Acquire", Request.Acquire("b", path: "src/a.ts").ToString());
        for (int tries = 0; inside.Ending is null && tries < 6_000; tries++)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return File.Exists(Folder.At("answer0"))
            ? await File.ReadAllTextAsync(Folder.At("answer0"), TestContext.Current.CancellationToken)
            : inside.Ending!;
    }

    private static bool MayMount() => HammerProcess.CanRun("unshare", "--mount", "mount", "--bind", "/tmp", "/tmp");

    private string Other()
    {
        Directory.CreateDirectory(Folder.At("elsewhere"));
        return Folder.At("elsewhere/klock.db");
    }

    private static void HardLink(string file, string name) => Assert.Equal(0, MakeLink(file, name));

    private string Refused(string path, string options = "")
    {
        KlockException refused = Assert.Throws<KlockException>(() => LocalStores.Open($"sqlite:{path}{options}", Clock, Ids));
        Assert.Equal(ErrorCode.StorageUnavailable, refused.Code);
        return refused.Message;
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeLink(string file, string name);
}
