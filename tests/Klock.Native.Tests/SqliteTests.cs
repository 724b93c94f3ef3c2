using System.Globalization;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>The SQLite inside the library: new enough, and its own whatever the host has.</summary>
public sealed class SqliteTests
{
    // Before 3.51.3 two processes that write and checkpoint at once can corrupt a WAL file.
    private const int Oldest = 3_051_003;

    [Fact]
    public unsafe void The_version_is_one_that_keeps_a_shared_file_whole()
    {
        int version = ((delegate* unmanaged<int>)KlockLibrary.TestFlavour.Symbol("klock_test_sqlite_version"))();
        Assert.InRange(version, Oldest, 4_000_000);
    }

    [Fact]
    public void A_host_that_links_an_SQLite_of_its_own_and_the_library_each_keep_theirs()
    {
        string probe = Path.Combine(Path.GetTempPath(), "klock-sqlite-probe");
        bool installed = Tool.Run("cc", "-shared", "-Wl,--no-as-needed", "-o", probe, "-lsqlite3").ExitCode == 0;
        Assert.SkipUnless(installed, "libsqlite3-dev is not installed");
        File.Delete(probe);

        using var folder = new TempFolder();
        string program = Tool.CompileHost("own_sqlite", "-lsqlite3");
        string[] versions = Tool.Output(program, Repo.TestFlavour, folder.Path).Split(' ');
        int host = int.Parse(versions[0], CultureInfo.InvariantCulture);
        int klock = int.Parse(versions[1], CultureInfo.InvariantCulture);
        Assert.InRange(klock, Oldest, 4_000_000);
        Assert.SkipWhen(host == klock, $"the host's SQLite is the same version as ours, {klock}: they cannot be told apart");
    }
}
