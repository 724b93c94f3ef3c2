using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>
/// The disk is waited for outside of the write lock: others go on, but no answer is out that rests on what may not be on the disk.
/// </summary>
[Collection(HammerCollection.Name)]
public sealed class FlushTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FailingDisk _disk;
    private readonly LeaseCoordinator _coordinator;
    private readonly StoreClient _client;

    public FlushTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The slow disk is preloaded.");
        _disk = new FailingDisk(_folder.At("disk"));

        // This process has a disk that is well.
        _coordinator = LocalStores.Open(Store, TimeProvider.System, KernelRandom.Shared);
        _client = new StoreClient(_coordinator);
        _client.Acquire("first", path: "first");
    }

    private string Store => "sqlite:" + _folder.At("klock.db");

    [Fact]
    public async Task No_answer_is_out_before_all_it_rests_on_is_on_the_disk()
    {
        _disk.Hang();
        using HammerProcess holder = Ask("holder", Acquire("holder", "x"));
        await UntilAsync(() => _client.ActiveIds().Length == 2);

        // It is there for all to see, its own answer and theirs are not.
        using HammerProcess lister = Ask("lister", ["ListLeases", "{}"]);
        using HammerProcess rival = Ask("rival", Acquire("rival", "x"));
        using HammerProcess reader = Ask("reader", ["Events", "{}"]);
        await UntilAsync(() => _disk.Hanging == 4);
        Assert.Empty(Answered());

        // A process whose disk is well goes on meanwhile.
        Assert.True(_client.Acquire("other", path: "other").Success);
        _disk.Mend();
        Assert.True((await AnswerAsync("holder0")).Success);
        Assert.Equal(2, (await AnswerAsync("lister0")).Data.GetArrayLength());
        Assert.False((await AnswerAsync("rival0")).Success);
        Assert.True((await AnswerAsync("reader0")).Success);
    }

    [Fact]
    public async Task A_flush_that_fails_fails_for_all_who_rest_on_it()
    {
        _disk.Hang();
        using HammerProcess process = Ask("asked", [.. Acquire("a", "a"), .. Acquire("b", "b"), .. Acquire("c", "c")]);
        await UntilAsync(() => _client.ActiveIds().Length == 4 && _disk.Hanging == 1);
        _disk.FailFlushes();
        foreach (string name in (string[])["asked0", "asked1", "asked2"])
        {
            Answer answer = await AnswerAsync(name);
            Assert.Equal("STORAGE_UNAVAILABLE", answer.Code);
            Assert.Contains("may be lost", answer.Error, StringComparison.Ordinal);
        }

        await process.EndsWellAsync();
        _disk.Mend();
        using HammerProcess after = Ask("after", Acquire("d", "d"));
        Assert.True((await AnswerAsync("after0")).Success);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_answered_survives_the_loss_of_power(bool behindLink)
    {
        for (int round = 0; round < 5; round++)
        {
            // The log must not start over: then its length would not say what of it is on the disk.
            string file = Directory.CreateDirectory(_folder.At($"{round}")).FullName + "/klock.db";
            string named = behindLink ? _folder.At($"link-{round}.db") : file;
            if (behindLink)
            {
                // What once was the log of a file at this place, and is not to be taken for the log.
                File.WriteAllText(named + "-wal", "old");
                File.CreateSymbolicLink(named, file);
            }

            using var disk = new FailingDisk(_folder.At($"disk-{round}"));
            HammerProcess[] fillers = [.. Enumerable.Range(0, 2).Select(i =>
                HammerProcess.StartOnDisk(disk, seed: i, "fill", "sqlite:" + named, _folder.At($"diary-{round}-{i}")))];
            await UntilAsync(() => disk.FlushedBytes > 300_000);
            Array.ForEach(fillers, filler => filler.Kill());
            string after = Directory.CreateDirectory(_folder.At($"{round}-after")).FullName + "/klock.db";
            File.Copy(file, after);
            File.WriteAllBytes(after + "-wal", File.ReadAllBytes(file + "-wal")[..(int)disk.FlushedBytes]);
            using LeaseCoordinator coordinator = LocalStores.Open("sqlite:" + after, TimeProvider.System, KernelRandom.Shared);
            string[] told = [.. Enumerable.Range(0, 2).SelectMany(i => new DiaryReader(_folder.At($"diary-{round}-{i}")).Held.Keys)];
            Assert.NotEmpty(told);
            Assert.Empty(told.Except(new StoreClient(coordinator).ActiveIds()));
            Array.ForEach(fillers, filler => filler.Dispose());
        }
    }

    public void Dispose()
    {
        _coordinator?.Dispose();
        _disk?.Dispose();
        _folder.Dispose();
    }

    private static string[] Acquire(string agent, string path) =>
        ["Acquire", Request.Acquire(agent, path: path).ToString()];

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (int tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 6_000, "it never came to be");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private HammerProcess Ask(string answers, string[] requests) =>
        HammerProcess.StartOnDisk(_disk, seed: 0, ["ask", Store, _folder.At("answer-" + answers), .. requests]);

    private string[] Answered() => Directory.GetFiles(_folder.Path, "answer-*");

    private async Task<Answer> AnswerAsync(string name)
    {
        string path = _folder.At("answer-" + name);
        await UntilAsync(() => File.Exists(path));
        return new Answer(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }
}
