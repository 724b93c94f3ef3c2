using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>A read writes nothing and waits for no writer, and yet sees all that was acknowledged.</summary>
public sealed class ReadingTests : FileSuite
{
    [Fact]
    public void Looking_needs_no_write_lock_and_hides_what_is_overdue()
    {
        StoreClient client = Open();
        client.Register("old", 1);
        string lease = client.Acquire("a", ttl: 1_000).LeaseId;
        string over = client.Acquire("a", path: "over", ttl: 10).LeaseId;
        Waiting waits = client.Wait("old", waitMs: 5);
        client.List();
        using var other = new RawDatabase(FilePath);
        other.Run("BEGIN IMMEDIATE");
        Assert.Equal([lease, over], client.ActiveIds());
        Assert.Single(client.Waiters());
        Advance(10);
        Assert.Equal([lease], client.ActiveIds());
        Assert.Empty(client.Waiters());
        Assert.True(client.Get(lease).Success);
        Assert.Equal("EXPIRED", client.Get(over).Code);
        Assert.Equal(2, client.Agents().Length);
        Answer health = client.Ask(Operation.Health, "{}");
        Assert.Equal((1, 0), (health.Data.GetProperty("active_leases").GetInt32(), health.Data.GetProperty("waiters").GetInt32()));
        other.Run("ROLLBACK");
        Assert.Equal("WAIT_TIMEOUT", waits.Answered().Reason);
    }

    [Fact]
    public void Looking_writes_nothing()
    {
        StoreClient client = Open();
        client.Acquire("a");
        client.List();
        using var other = new RawDatabase(FilePath);
        string? before = other.Ask("PRAGMA data_version");
        for (int i = 0; i < 10; i++)
        {
            client.List();
            client.Agents();
            client.Waiters();
            client.Events();
            client.Ask(Operation.Health, "{}");
            Advance(1_000);
        }

        Assert.Equal(before, other.Ask("PRAGMA data_version"));
    }

    [Fact]
    public void Looking_shows_at_once_what_another_process_was_told()
    {
        (StoreClient writer, StoreClient reader) = (Open(), Open());
        reader.List();
        for (int i = 0; i < 20; i++)
        {
            string lease = writer.Acquire("a", path: $"{i}").LeaseId;
            Assert.Equal([lease], reader.ActiveIds());
            Assert.True(writer.Heartbeat(lease).Success);
            Advance(1);
            Answer renewed = writer.Heartbeat(lease);
            Assert.Equal(renewed.ExpiresAt, reader.Get(lease).Data.GetProperty("expires_at").GetInt64());
            writer.Release(lease);
            Assert.Empty(reader.ActiveIds());
        }
    }

    [Fact]
    public void Whoever_reads_events_is_told_what_is_due_also_when_nobody_writes()
    {
        StoreClient client = Open();
        long due = client.Acquire("a", ttl: 10).ExpiresAt;
        client.Events();
        Advance(190_000);
        System.Text.Json.JsonElement expired = client.Events()[^1];
        Assert.Equal("EXPIRED", expired.GetProperty("kind").GetString());
        Assert.Equal(due, expired.GetProperty("at").GetInt64());
    }
}
