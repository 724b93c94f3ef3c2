using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>
/// A store that went back, since a backup was restored in any way there is, goes on above every token that it gave, says so to readers, and
/// takes nobody who had it open by surprise.
/// </summary>
public sealed class RestoreTests : FileSuite
{
    private const int GrantsSince = 50;

    public static TheoryData<string> Ways => new("new file", "written over", "database", "moved in place", "all attributes too");

    public static TheoryData<string> WaysWhileOpen => new("database", "new file", "database, and more since");

    private string Backup => Folder.At("backup.db");

    [Theory]
    [MemberData(nameof(Ways))]
    public void Tokens_go_on_above_all_that_were_given_when_nobody_had_it_open(string way)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && KeepsAttributes(), "It is told apart by what Linux keeps on a file.");
        string held = Open().Acquire("a", ttl: 3_600_000).LeaseId;
        CloseAll();
        MakeBackup(way);
        long last = Grant(GrantsSince);
        CloseAll();
        Advance(10);
        Restore(way);
        StoreClient after = Open();
        Assert.Equal([held], after.ActiveIds());
        Answer next = after.Acquire("a", "CONSUMES", path: "other");
        Assert.True(next.Token > last, $"{next.Token} was given after {last}");
        ReadersAreTold(after, last);

        // Once: from now on it is the store.
        CloseAll();
        Assert.Equal(next.Token + 1, Open().Acquire("a", "CONSUMES", path: "other").Token);
    }

    [Theory]
    [MemberData(nameof(WaysWhileOpen))]
    public void Who_has_it_open_is_told_before_the_older_state_counts(string way)
    {
        StoreClient open = Open(), other = Open();
        string held = open.Acquire("a", ttl: 3_600_000).LeaseId;
        MakeBackup("database");
        string since = open.Acquire("a", path: "since").LeaseId;
        long last = Grant(GrantsSince, open);
        other.List();
        Advance(10);
        Restore(way.StartsWith("database", StringComparison.Ordinal) ? "database" : "while open");
        if (way == "database, and more since")
        {
            // Somebody who knows of nothing, and whose numbers are soon above those that the others know.
            Grant(GrantsSince * 2);
        }

        Answer told = open.Acquire("b", path: "since");
        Assert.Equal("STORAGE_UNAVAILABLE", told.Code);
        Assert.Contains(way == "new file" ? "replaced" : "went back to an earlier state", told.Error, StringComparison.Ordinal);
        Answer next = open.Acquire("b", path: "since");
        Assert.True(next.Token > last, $"{next.Token} was given after {last}");
        Assert.Equal("UNKNOWN_LEASE", open.Heartbeat(since).Code);
        Assert.True(open.Heartbeat(held).Success);

        // The other one: it sees the same, and never a number again that it knows.
        for (int tries = 0; tries < 3 && other.Heartbeat(held).Code == "STORAGE_UNAVAILABLE"; tries++)
        {
        }

        Assert.Equal("DIE", other.Acquire("c", path: "since").Reason);
        Assert.True(other.Acquire("c", path: "free").Token > next.Token);
        if (way != "database, and more since")
        {
            ReadersAreTold(open, last);
        }
    }

    [Fact]
    public void Who_waits_is_told_that_the_place_is_lost()
    {
        StoreClient open = Open();
        open.Acquire("a", ttl: 3_600_000);
        MakeBackup("database");
        Waiting waiting = open.Wait("b");
        Restore("database");
        Advance(10);
        Answer? answer = null;
        for (int tries = 0; tries < 10 && answer is null; tries++)
        {
            Advance(2_000);
            answer = waiting.Look();
        }

        Assert.Equal("STORAGE_UNAVAILABLE", answer?.Code);
    }

    [Fact]
    public void A_copy_beside_the_store_is_a_store_of_its_own_that_gives_none_of_its_numbers()
    {
        long last = Grant(5);
        CloseAll();
        File.Copy(FilePath, Folder.At("copy.db"));
        Advance(1);
        StoreClient copy = OpenAt(Folder.At("copy.db"));
        Assert.True(copy.Acquire("a", "CONSUMES", path: "other").Token > last + 1);
        Assert.Equal(last + 1, Open().Acquire("a", "CONSUMES", path: "other").Token);
    }

    [Fact]
    public void A_store_that_is_moved_or_backed_up_goes_on_without_a_gap()
    {
        long last = Grant(3);
        CloseAll();
        MakeBackup("database");
        File.Move(FilePath, Folder.At("moved.db"));
        Assert.Equal(last + 1, OpenAt(Folder.At("moved.db")).Acquire("a", "CONSUMES", path: "other").Token);
    }

    [Theory]
    [InlineData("9999-01-01")]
    [InlineData("0001-01-01")]
    public void A_clock_that_is_wrong_by_ages_gives_numbers_within_their_bounds(string date)
    {
        var wrong = new FakeTimeProvider(DateTimeOffset.Parse(date, CultureInfo.InvariantCulture));
        Assert.InRange(Open(wrong).Acquire("a").Token, 1, 1L << 53);
    }

    private static void ReadersAreTold(StoreClient client, long last)
    {
        JsonElement[] events = client.Events(last);
        Assert.Equal(["GAP", "RESUMED"], events.Take(2).Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Equal(last + 1, events[0].GetProperty("first_missing").GetInt64());
    }

    private long Grant(int count, StoreClient? client = null)
    {
        client ??= Open();
        return Enumerable.Range(0, count).Max(_ => client.Acquire("a", "CONSUMES", path: "other").Token);
    }

    private void MakeBackup(string way)
    {
        if (way == "database")
        {
            RawDatabase.Copy(FilePath, Backup);
        }
        else
        {
            Sh($"cp -a '{FilePath}' '{Backup}'");
        }
    }

    private void Restore(string way)
    {
        if (way == "database")
        {
            RawDatabase.Copy(Backup, FilePath);
            return;
        }

        Sh(way switch
        {
            "new file" => $"rm '{FilePath}' && cp '{Backup}' '{FilePath}'",
            "while open" => $"rm '{FilePath}' '{FilePath}-wal' '{FilePath}-shm' && cp '{Backup}' '{FilePath}'",
            "written over" => $"cat '{Backup}' > '{FilePath}'",
            "moved in place" => $"mv '{Backup}' '{FilePath}'",
            "all attributes too" => $"rm '{FilePath}' && cp -a '{Backup}' '{FilePath}'",
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "no such way"),
        });
    }

    private static void Sh(string script)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", script]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private bool KeepsAttributes()
    {
        File.WriteAllText(Folder.At("try"), "");
        Sqlite.Database.HeadMark.Raise(Folder.At("try"), 7);
        return Sqlite.Database.HeadMark.Read(Folder.At("try")) == 7;
    }
}
