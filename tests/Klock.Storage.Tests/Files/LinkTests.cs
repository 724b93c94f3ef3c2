using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A store behind symbolic links, wherever in its path they are, is the store that they lead to.</summary>
public sealed class LinkTests : FileSuite
{
    private const string OldLog = "the log of a database that once stood here";

    private readonly string _real;

    public LinkTests() => _real = Directory.CreateDirectory(Folder.At("real/deep")).FullName;

    public static TheoryData<string> Links => new("last", "relative", "folder", "above", "chain", "up");

    private string RealPath => Path.Combine(_real, "klock.db");

    [Theory]
    [MemberData(nameof(Links))]
    public void All_paths_lead_to_one_store(string link)
    {
        string path = Link(link);
        StoreClient through = OpenAt(path);
        string lease = through.Acquire("a").LeaseId;
        StoreClient straight = OpenAt(RealPath);
        Assert.Equal([lease], straight.ActiveIds());
        Assert.Equal("DIE", straight.Acquire("b").Reason);
        Assert.True(straight.Release(lease).Success);
        Assert.True(through.Acquire("b").Success);
        Assert.Equal(["klock.db", "klock.db-shm", "klock.db-wal"], Names(_real));
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void The_log_that_counts_lies_beside_the_file_and_not_beside_the_link(string link)
    {
        string path = Link(link);
        bool liesElsewhere = Path.GetDirectoryName(path) == Folder.Path;
        if (liesElsewhere)
        {
            File.WriteAllText(path + "-wal", OldLog);
        }

        string lease;
        using (LeaseCoordinator oneShot = LocalStores.Open("sqlite:" + path, Clock, Ids, keepsLog: true))
        {
            lease = new StoreClient(oneShot).Acquire("a").LeaseId;
        }

        Assert.Equal(["klock.db", "klock.db-shm", "klock.db-wal"], Names(_real));
        Assert.Equal([lease], OpenAt(path).ActiveIds());
        CloseAll();
        Assert.Equal(["klock.db"], Names(_real));
        Assert.True(!liesElsewhere || File.ReadAllText(path + "-wal") == OldLog);
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void A_link_that_leads_to_no_file_yet_gets_one_where_it_leads(string link)
    {
        OpenAt(Link(link)).Acquire("a");
        Assert.True(File.Exists(RealPath));
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(RealPath));
        }
    }

    [Fact]
    public void A_link_into_a_folder_that_is_not_there_is_refused()
    {
        File.CreateSymbolicLink(FilePath, Folder.At("nowhere/klock.db"));
        Assert.Contains("does not exist", Refused(FilePath), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.At("nowhere")));
    }

    [Fact]
    public void Links_that_run_in_a_circle_are_refused()
    {
        File.CreateSymbolicLink(FilePath, Folder.At("other"));
        File.CreateSymbolicLink(Folder.At("other"), FilePath);
        Assert.Contains(FilePath, Refused(FilePath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("last")]
    [InlineData("folder")]
    [InlineData("chain")]
    public void A_link_that_is_changed_under_its_users_makes_them_fail_and_then_serves_where_it_leads(string link)
    {
        string path = Link(link);
        StoreClient before = OpenAt(path);
        string held = before.Acquire("a").LeaseId;
        string other = Directory.CreateDirectory(Folder.At("real/other")).FullName;
        StoreClient there = OpenAt(Path.Combine(other, "klock.db"));
        there.Acquire("x", path: "other");
        Relink(link, other);
        Answer failed = before.Acquire("b");
        Assert.Equal("STORAGE_UNAVAILABLE", failed.Code);
        Assert.Contains("replaced", failed.Error, StringComparison.Ordinal);
        Assert.Equal("UNKNOWN_LEASE", before.Heartbeat(held).Code);
        Assert.True(before.Acquire("b").Success);
        Assert.Equal(2, there.ActiveIds().Length);
        Assert.Equal([held], OpenAt(RealPath).ActiveIds());
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    // A path to the real file that leads through a link.
    private string Link(string link)
    {
        switch (link)
        {
            case "last":
                File.CreateSymbolicLink(FilePath, RealPath);
                return FilePath;
            case "relative":
                File.CreateSymbolicLink(FilePath, "real/deep/klock.db");
                return FilePath;
            case "folder":
                Directory.CreateSymbolicLink(Folder.At("linked"), _real);
                return Folder.At("linked/klock.db");
            case "above":
                Directory.CreateSymbolicLink(Folder.At("linked"), Folder.At("real"));
                return Folder.At("linked/deep/klock.db");
            case "chain":
                Directory.CreateSymbolicLink(Folder.At("linked"), _real);
                File.CreateSymbolicLink(Folder.At("first"), "second");
                File.CreateSymbolicLink(Folder.At("second"), "linked/klock.db");
                return Folder.At("first");
            default:
                // Lexically this is another file.
                Directory.CreateDirectory(Folder.At("a/b"));
                Directory.CreateSymbolicLink(Folder.At("a/b/linked"), _real);
                File.CreateSymbolicLink(FilePath, "a/b/linked/../deep/klock.db");
                return FilePath;
        }
    }

    private void Relink(string link, string folder)
    {
        string name = link == "last" ? FilePath : Folder.At("linked");
        File.Delete(name);
        File.CreateSymbolicLink(name, link == "last" ? Path.Combine(folder, "klock.db") : folder);
    }

    private string Refused(string path)
    {
        KlockException refused = Assert.Throws<KlockException>(() => LocalStores.Open("sqlite:" + path, Clock, Ids));
        Assert.Equal(ErrorCode.StorageUnavailable, refused.Code);
        return refused.Message;
    }
}
