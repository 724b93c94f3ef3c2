using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>
/// A disk that fails at random points, and half-way through a write: what was answered is in the file, what is in the file was asked for,
/// a store that cannot store refuses, and it goes on by itself when the disk does.
/// </summary>
[Collection(HammerCollection.Name)]
public sealed class FailingDiskTests : IDisposable
{
    private const int Episodes = 12;

    private readonly TemporaryFolder _folder = new();

    private string Store => "sqlite:" + _folder.At("klock.db");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_answered_is_in_the_file_whatever_fails(bool isKilled)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The failing disk is preloaded.");
        var random = new Random(isKilled ? 1 : 2);
        long end = TimeProvider.System.GetTimestamp() + (long)(Soak.TimeOr(4).TotalSeconds * TimeProvider.System.TimestampFrequency);
        List<DiaryReader> diaries = [];
        for (int run = 0; run < 4 || TimeProvider.System.GetTimestamp() < end; run++)
        {
            // Each run goes on with the file as the one before left it, unless it is one that begins anew.
            if (random.Next(4) == 0)
            {
                StartAnew(diaries);
            }

            int seed = Soak.Seed(run);
            string diary = _folder.At($"diary-{run}");
            using var disk = new FailingDisk(_folder.At("disk"));
            using var process = HammerProcess.StartOnDisk(disk, seed, "endure", Store, diary, $"{Episodes}");
            if (isKilled)
            {
                await KillAsync(process, diary, random);
            }
            else
            {
                await process.EndsWellAsync();
            }

            diaries.Add(new DiaryReader(diary));
            Check(diaries, $"run {run} with seed {seed}");
        }

        Assert.Contains(diaries, diary => diary.RefusedAs("STORAGE_UNAVAILABLE") > 0);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task KillAsync(HammerProcess process, string diary, Random random)
    {
        while (process.Ending is null && new FileInfo(diary) is not { Exists: true, Length: > 0 })
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await Task.Delay(random.Next(400), TestContext.Current.CancellationToken);
        process.Kill();
    }

    private void StartAnew(List<DiaryReader> diaries)
    {
        diaries.Clear();
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(_folder.At("klock.db" + suffix));
        }
    }

    private void Check(List<DiaryReader> diaries, string which)
    {
        Assert.Empty(diaries.SelectMany(diary => diary.Wrongs).Select(wrong => $"{which}: {wrong}"));
        using (LeaseCoordinator coordinator = LocalStores.Open(Store, TimeProvider.System, KernelRandom.Shared))
        {
            var client = new StoreClient(coordinator);
            Dictionary<string, long> active = client.List().Data.EnumerateArray().ToDictionary(
                lease => lease.GetProperty("id").GetString()!, lease => lease.GetProperty("expires_at").GetInt64());
            HashSet<string> told = [.. diaries.SelectMany(diary => diary.Held.Keys)];
            foreach ((string lease, long expiresAtMs) in diaries.SelectMany(diary => diary.Held))
            {
                Assert.True(
                    active.TryGetValue(lease, out long storedMs) && storedMs >= expiresAtMs, $"{which}: {lease} was told and is lost");
            }

            Assert.DoesNotContain(diaries.SelectMany(diary => diary.Released), active.ContainsKey);

            // What a request that failed came to is not known; besides those, and the one that a killed process did not live to hear of,
            // there is nothing that nobody was answered.
            int unknown = diaries.Sum(diary => diary.RefusedAs("STORAGE_UNAVAILABLE") + 1);
            Assert.InRange(active.Keys.Count(lease => !told.Contains(lease)), 0, unknown);
            Answer next = client.Acquire("parent", path: "parent", type: "CUSTOM");
            Assert.All(diaries.SelectMany(diary => diary.Tokens), token => Assert.True(token < next.Token, $"{which}: a token went back"));
            client.Release(next.LeaseId);
        }

        Assert.Equal("ok", RawDatabase.Ask(_folder.At("klock.db"), "PRAGMA integrity_check"));
    }
}
