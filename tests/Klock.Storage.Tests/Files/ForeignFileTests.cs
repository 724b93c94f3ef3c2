using Klock.Client;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A file that is something else is refused in plain words and left as it was, to the byte, with nothing beside it.</summary>
public sealed class ForeignFileTests : FileSuite
{
    public static TheoryData<string, string> ForeignDatabases => new()
    {
        { "with a table", "CREATE TABLE precious (x); INSERT INTO precious VALUES (1)" },
        { "with a table, in WAL mode", "PRAGMA journal_mode = WAL; CREATE TABLE precious (x); INSERT INTO precious VALUES (1)" },
        { "with tables named as ours", "CREATE TABLE events (x); CREATE TABLE agents (x); CREATE TABLE leases (x)" },
        { "empty, but with somebody's application id", "PRAGMA application_id = 252006674" },
        { "empty, but with a version", "PRAGMA user_version = 1" },
        { "with a view", "CREATE VIEW v AS SELECT 1" },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(512)]
    [InlineData(100_000)]
    public void A_file_that_is_no_database_is_refused_and_untouched(int length)
    {
        File.WriteAllText(FilePath, string.Concat(Enumerable.Repeat("Dear diary! ", (length / 12) + 1))[..length]);
        RefusedUntouched("not a database");
    }

    [Theory]
    [MemberData(nameof(ForeignDatabases))]
    public void A_database_that_is_no_store_is_refused_and_untouched(string which, string sql)
    {
        Assert.NotEmpty(which);
        RawDatabase.Run(FilePath, sql);
        RefusedUntouched("not a Klock store");
    }

    [Theory]
    [InlineData("CREATE TABLE leases (id TEXT, agent_id TEXT)")]
    [InlineData("CREATE TABLE Agents (id TEXT, priority INTEGER)")]
    public void A_database_of_the_original_is_refused_with_the_command_that_reads_it(string sql)
    {
        RawDatabase.Run(FilePath, sql);
        RefusedUntouched("klock import");
    }

    [Fact]
    public void A_database_whose_owner_crashed_is_refused_and_loses_nothing()
    {
        string work = Folder.At("work.db");
        using (var owner = new RawDatabase(work))
        {
            owner.Run("PRAGMA journal_mode = WAL; CREATE TABLE precious (x); INSERT INTO precious VALUES (1)");
            File.Copy(work, FilePath);
            File.Copy(work + "-wal", FilePath + "-wal");
        }

        File.Delete(work);
        // SQLite itself brings such a log into the file, whoever opens it; what the owner committed must still be there.
        Refused(FilePath, "not a Klock store");
        Assert.Equal("1", RawDatabase.Ask(FilePath, "SELECT x FROM precious"));
    }

    [Fact]
    public void A_store_of_a_newer_Klock_is_refused_and_untouched()
    {
        Open().Acquire("a");
        CloseAll();
        RawDatabase.Run(FilePath, "PRAGMA user_version = 99");
        RefusedUntouched("newer Klock");
    }

    [Fact]
    public void A_store_that_was_cut_off_is_refused()
    {
        StoreClient client = Open();
        for (int i = 0; i < 200; i++)
        {
            client.Acquire("a", path: $"{i}", note: new string('n', 500));
        }

        CloseAll();
        using (FileStream file = File.OpenWrite(FilePath))
        {
            file.SetLength(file.Length / 2);
        }

        KlockException refused = Assert.Throws<KlockException>(() => ThrowIfError(Open().Acquire("b")));
        Assert.Equal(ErrorCode.StorageUnavailable, refused.Code);
    }

    [Fact]
    public void An_empty_file_becomes_a_store()
    {
        File.WriteAllBytes(FilePath, []);
        Assert.True(Open().Acquire("a").Success);
        CloseAll();
        Assert.Single(Open().ActiveIds());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_made()
    {
        string path = Folder.At("missing/klock.db");
        Refused(path, path);
        Assert.False(Directory.Exists(Folder.At("missing")));
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        Refused(Folder.Path, Folder.Path);
        Assert.Empty(Snapshot());
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        File.WriteAllText(Folder.At("file"), "x");
        Refused(Folder.At("file/klock.db"), "file/klock.db");
    }

    private void RefusedUntouched(string reason)
    {
        Dictionary<string, string> before = Snapshot();
        Refused(FilePath, reason);
        Assert.Equal(before, Snapshot());
    }

    private void Refused(string path, string says)
    {
        KlockException refused = Assert.Throws<KlockException>(() => LocalStores.Open($"sqlite:{path}", Clock, Ids));
        Assert.Equal(ErrorCode.StorageUnavailable, refused.Code);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Matches("[^.][.]$", refused.Message);
    }

    private static void ThrowIfError(Answer answer)
    {
        if (answer.Code is not null)
        {
            bool refused = answer.Code == "STORAGE_UNAVAILABLE";
            throw new KlockException(refused ? ErrorCode.StorageUnavailable : ErrorCode.Internal, answer.Error!);
        }
    }
}
