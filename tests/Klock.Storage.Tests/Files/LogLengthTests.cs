using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>The write-ahead log starts over, however many write all the time.</summary>
public sealed class LogLengthTests : FileSuite
{
    private const int Writers = 4, Pairs = 2_500;
    private const long MostBytes = 12_000_000;

    [Fact]
    public async Task The_log_does_not_grow_for_ever_though_somebody_always_writes()
    {
        StoreClient[] clients = [.. Enumerable.Range(0, Writers).Select(_ => Open(TimeProvider.System, "?synchronous=normal"))];
        await Task.WhenAll(clients.Select((client, i) => Callers.Start(() =>
        {
            for (int pair = 0; pair < Pairs; pair++)
            {
                client.Release(client.Acquire($"agent-{i}", path: $"file-{i}").LeaseId);
            }
        })));

        // Each pair writes some four pages: without starting over it were a hundred megabytes.
        Assert.InRange(new FileInfo(FilePath + "-wal").Length, 1, MostBytes);
    }

    [Fact]
    public void A_reader_who_lingers_holds_nobody_up_and_the_log_starts_over_when_it_is_gone()
    {
        StoreClient client = Open(options: "?synchronous=normal");
        using (var reader = new RawDatabase(FilePath))
        {
            client.Acquire("a", path: "first");
            reader.Run("BEGIN");
            reader.Ask("SELECT count(*) FROM leases");
            Fill(client);
        }

        // A file that starts over keeps its length.
        Fill(client);
        long length = new FileInfo(FilePath + "-wal").Length;
        Fill(client);
        Fill(client);
        Assert.Equal(length, new FileInfo(FilePath + "-wal").Length);
    }

    private static void Fill(StoreClient client)
    {
        for (int pair = 0; pair < 500; pair++)
        {
            client.Release(client.Acquire("b", path: "second").LeaseId);
        }
    }
}
