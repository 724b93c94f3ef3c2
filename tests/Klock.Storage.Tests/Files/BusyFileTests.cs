using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>Another process holds the file's lock: a request waits for it, but not for ever, and then has done nothing.</summary>
public sealed class BusyFileTests : FileSuite
{
    [Fact]
    public async Task A_request_waits_for_another_process_to_finish()
    {
        StoreClient client = Open();
        client.Acquire("a");
        using var other = new RawDatabase(FilePath);
        other.Run("BEGIN IMMEDIATE");
        var asked = Task.Run(() => client.Acquire("a"), TestContext.Current.CancellationToken);
        Assert.NotSame(asked, await Task.WhenAny(asked, Task.Delay(100, TestContext.Current.CancellationToken)));
        other.Run("COMMIT");
        Assert.True((await asked).Success);
    }

    [Fact]
    public async Task A_file_that_stays_locked_is_a_store_that_failed()
    {
        StoreClient client = Open();
        string lease = client.Acquire("a").LeaseId;
        using var other = new RawDatabase(FilePath);
        other.Run("BEGIN IMMEDIATE");
        var asked = Task.Run(() => client.Release(lease), TestContext.Current.CancellationToken);
        long waited = 0;
        for (; !asked.IsCompleted; waited += 1_000)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            Advance(1_000);
        }

        Answer answer = await asked;
        Assert.Equal("STORAGE_UNAVAILABLE", answer.Code);
        Assert.Contains("locked", answer.Error, StringComparison.Ordinal);
        Assert.InRange(waited, 5_000, 60_000);
        other.Run("ROLLBACK");
        Assert.Equal("DIE", client.Acquire("b").Reason);
        Assert.True(client.Release(lease).Success);
    }

    [Fact]
    public void A_reader_is_in_nobodys_way()
    {
        StoreClient client = Open();
        using var reader = new RawDatabase(FilePath);
        reader.Run("BEGIN");
        Assert.Equal("0", reader.Ask("SELECT count(*) FROM leases"));
        Assert.True(client.Acquire("a").Success);
        Assert.Equal("0", reader.Ask("SELECT count(*) FROM leases"));
    }
}
