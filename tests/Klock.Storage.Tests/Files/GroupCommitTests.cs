using System.Buffers.Binary;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Storage.Sqlite;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>Requests that come while a commit is under way share the next one, and its failure.</summary>
public sealed class GroupCommitTests : FileSuite
{
    private const int Callers = 24;

    [Fact]
    public async Task Requests_that_come_together_share_a_commit()
    {
        StoreClient client = Open();
        client.Acquire("first", path: "first");
        int before = CountCommits();
        Task<Answer>[] asked = await AskBehindALock(client);
        Answer[] answers = await Task.WhenAll(asked);
        Assert.All(answers, answer => Assert.True(answer.Success));
        Assert.Equal(Callers + 1, client.ActiveIds().Length);
        Assert.Equal(Callers, answers.Select(answer => answer.Token).Distinct().Count());

        // The first of them commits alone: it could not know of the others. They were there when it had its lock.
        Assert.InRange(CountCommits() - before, 1, 2);
    }

    [Fact]
    public async Task Of_rivals_in_one_commit_one_is_granted_and_the_others_are_told_of_it()
    {
        StoreClient client = Open();
        client.Acquire("first", path: "first");
        Answer[] answers = await Task.WhenAll(await AskBehindALock(client, path: "same"));
        Assert.Single(answers, answer => answer.Success);
        Assert.Single(client.ActiveIds(("resource", "FILE:same")));
        Assert.All(answers.Where(answer => !answer.Success), answer => Assert.Contains(answer.Reason, (string[])["WAIT", "DIE"]));
    }

    [Fact]
    public async Task A_commit_that_fails_fails_for_all_who_shared_it()
    {
        StoreClient client = Open();
        client.Acquire("first", path: "first");
        using var spoiler = new RawDatabase(FilePath);
        spoiler.Run("CREATE TRIGGER refuse BEFORE INSERT ON leases BEGIN SELECT raise(ABORT, 'no room'); END");
        Answer[] answers = await Task.WhenAll(await AskBehindALock(client));
        Assert.All(answers, answer => Assert.Equal("STORAGE_UNAVAILABLE", answer.Code));
        spoiler.Run("DROP TRIGGER refuse");
        Assert.Single(client.ActiveIds());
        Assert.True(client.Acquire("after", path: "after").Success);
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(int.MaxValue)]
    public void The_count_of_batches_begins_anew_and_nobody_notices(uint last)
    {
        int commits = 0;
        var group = new GroupCommit<int>(_ => ++commits, (_, _) => { }, batches: last - 2);
        for (int i = 0; i < 10; i++)
        {
            group.Execute(new Nothing());
        }

        Assert.Equal(10, commits);
    }

    private sealed class Nothing : IStoreCommand
    {
        public void Run(LeaseTable table, long nowMs, LocalWaits waits)
        {
        }
    }

    // All of them are under way before any can commit: another process holds the file's lock until then.
    private async Task<Task<Answer>[]> AskBehindALock(StoreClient client, string? path = null)
    {
        using var other = new RawDatabase(FilePath);
        other.Run("BEGIN IMMEDIATE");
        using var started = new CountdownEvent(Callers);
        Task<Answer>[] asked = [.. Enumerable.Range(0, Callers).Select(i => Task.Factory.StartNew(
            () =>
            {
                started.Signal();
                return client.Acquire($"agent-{i}", path: path ?? $"file-{i}");
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        started.Wait(TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        other.Run("COMMIT");
        return asked;
    }

    // In the write-ahead log the last frame of a commit has the size of the database after it (SQLite, "WAL File Format").
    private int CountCommits()
    {
        const int HeaderBytes = 32, FrameHeaderBytes = 24, SizeAfterCommitAt = 4, PageSizeAt = 8;
        byte[] log = File.ReadAllBytes(FilePath + "-wal");
        int pageBytes = BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(PageSizeAt));
        int commits = 0;
        for (int frame = HeaderBytes; frame + FrameHeaderBytes <= log.Length; frame += FrameHeaderBytes + pageBytes)
        {
            commits += BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(frame + SizeAfterCommitAt)) != 0 ? 1 : 0;
        }

        return commits;
    }
}
