using System.Text;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>How a store is named, and the errors for wrong names.</summary>
public sealed class LocationTests : FileSuite
{
    [Theory]
    [InlineData("")]
    [InlineData("?synchronous=normal")]
    [InlineData("?synchronous=full")]
    [InlineData("?Synchronous=NORMAL")]
    [InlineData("?network=allow")]
    [InlineData("?history=1000&network=refuse&history_age=1h&synchronous=full")]
    [InlineData("?history=10000000&history_age=3650d")]
    public void The_option_is_no_part_of_the_file_name(string options)
    {
        string lease = Open(options: options).Acquire("a").LeaseId;
        Assert.Equal([lease], Open().ActiveIds());
        CloseAll();
        Assert.Equal(["klock.db"], Snapshot().Keys);
    }

    [Fact]
    public void A_log_that_is_kept_is_read_by_whoever_comes_next()
    {
        string lease;
        using (LeaseCoordinator oneShot = LocalStores.Open($"sqlite:{FilePath}", Clock, Ids, keepsLog: true))
        {
            lease = new StoreClient(oneShot).Acquire("a").LeaseId;
        }

        Assert.Contains("klock.db-wal", Snapshot().Keys);
        Assert.Equal([lease], Open().ActiveIds());
        CloseAll();
        Assert.Equal(["klock.db"], Snapshot().Keys);
    }

    [Fact]
    public void A_log_that_is_kept_does_not_grow_for_ever_when_processes_come_one_after_the_other()
    {
        const long Longest = 3 << 19;
        List<long> lengths = [];
        for (int i = 0; i < 300; i++)
        {
            using (LeaseCoordinator oneShot = LocalStores.Open($"sqlite:{FilePath}", Clock, Ids, keepsLog: true))
            {
                Assert.True(new StoreClient(oneShot).Acquire("a", path: $"{i}").Success);
            }

            lengths.Add(new FileInfo(FilePath + "-wal") is { Exists: true } log ? log.Length : 0);
        }

        Assert.InRange(lengths.Max(), 1, Longest);
        Assert.InRange(lengths.Count(length => length == 0), 1, lengths.Count / 10);
        Assert.Equal(300, Open().ActiveIds().Length);
    }

    [Theory]
    [InlineData("?synchronous=")]
    [InlineData("?synchronous=off")]
    [InlineData("?synchronous=extra")]
    [InlineData("?synchronous=normal?synchronous=")]
    [InlineData("?synchronous=; DROP TABLE leases")]
    public void Another_value_is_refused_and_makes_no_file(string options)
    {
        Invalid($"sqlite:{FilePath}{options}", "full or normal");
        Assert.Empty(Snapshot());
    }

    [Theory]
    [InlineData("?")]
    [InlineData("?sychronous=normal")]
    [InlineData("?mode=memory")]
    [InlineData("?x=1&synchronous=normal")]
    [InlineData("?synchronous=normal&x=1")]
    [InlineData("?synchronous=normal&")]
    [InlineData("-what?.db")]
    public void A_misspelt_option_is_refused_and_makes_no_file(string options)
    {
        Invalid($"sqlite:{FilePath}{options}", "synchronous=full or synchronous=normal");
        Assert.Empty(Snapshot());
    }

    [Theory]
    [InlineData("?network=", "refuse or allow")]
    [InlineData("?network=yes", "refuse or allow")]
    [InlineData("?history", "from 1000 to 10000000")]
    [InlineData("?history=999", "from 1000 to 10000000")]
    [InlineData("?history=10000001", "from 1000 to 10000000")]
    [InlineData("?history=1e6", "from 1000 to 10000000")]
    [InlineData("?history=99999999999999999999", "from 1000 to 10000000")]
    [InlineData("?history_age=59m", "from 1h to 3650d")]
    [InlineData("?history_age=3651d", "from 1h to 3650d")]
    [InlineData("?history_age=30", "from 1h to 3650d")]
    [InlineData("?history=2000&history=3000", "twice")]
    public void A_bound_that_is_none_is_refused_and_makes_no_file(string options, string says)
    {
        Invalid($"sqlite:{FilePath}{options}", says);
        Assert.Empty(Snapshot());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Memory")]
    [InlineData("memory:")]
    [InlineData("postgres://x")]
    [InlineData("sqlite")]
    [InlineData("SQLITE:x")]
    [InlineData("etcd:http://127.0.0.1:2379")]
    public void Another_kind_of_store_is_refused(string storage) => Invalid(storage, "memory or sqlite:<path>");

    [Theory]
    [InlineData("sqlite:")]
    [InlineData("sqlite:   ")]
    [InlineData("sqlite:?synchronous=normal")]
    [InlineData("sqlite:a\0b")]
    public void A_path_that_is_none_is_refused(string storage) => Invalid(storage, "sqlite:<path>");

    [Fact]
    public void A_relative_path_counts_from_the_working_directory()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, FilePath);
        using LeaseCoordinator coordinator = LocalStores.Open("sqlite:" + relative, Clock, Ids);
        string lease = new StoreClient(coordinator).Acquire("a").LeaseId;
        Assert.Equal([lease], Open().ActiveIds());
    }

    [Theory]
    [InlineData("with blank.db")]
    [InlineData("percent%20.db")]
    [InlineData("hash#mark.db")]
    [InlineData("файл-😀.db")]
    [InlineData(":memory:")]
    [InlineData("file:x.db")]
    public void A_path_is_a_path_and_never_anything_SQLite_may_read_into_it(string name)
    {
        using (LeaseCoordinator coordinator = LocalStores.Open("sqlite:" + Folder.At(name), Clock, Ids))
        {
            Assert.True(new StoreClient(coordinator).Acquire("a").Success);
        }

        Assert.Equal([name], Snapshot().Keys);
    }

    [Theory]
    [InlineData("{}", "memory")]
    [InlineData("{\"storage\":null}", "memory")]
    [InlineData("{\"storage\":\"memory\",\"x\":[1]}", "memory")]
    [InlineData("{\"stor\\u0061ge\":\"sqlite:x?synchronous=normal\"}", "sqlite:x?synchronous=normal")]
    public void Options_say_where(string options, string storage) =>
        Assert.Equal(storage, OpenOptions.Parse(Encoding.UTF8.GetBytes(options)).Storage);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("memory")]
    [InlineData("{\"storage\":7}")]
    [InlineData("{\"storage\":\"\"}")]
    [InlineData("{\"storage\":[\"memory\"]}")]
    [InlineData("{\"storage\":\"memory\"")]
    [InlineData("{\"storage\":\"memory\"}x")]
    public void Options_that_are_none_are_refused(string options)
    {
        KlockException refused = Assert.Throws<KlockException>(() => OpenOptions.Parse(Encoding.UTF8.GetBytes(options)));
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
    }

    private void Invalid(string storage, string says)
    {
        KlockException refused = Assert.Throws<KlockException>(() => LocalStores.Open(storage, Clock, Ids));
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
        Assert.StartsWith("storage ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }
}
