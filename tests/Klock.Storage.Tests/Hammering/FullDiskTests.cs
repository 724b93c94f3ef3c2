using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>A disk that is full: a store that cannot store refuses, and what it granted is what it holds.</summary>
[Collection(HammerCollection.Name)]
public sealed class FullDiskTests : IDisposable
{
    private const int Blocks = 1_000;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_was_granted_before_the_disk_was_full_is_there_and_nothing_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit that stands for a full disk is set by a shell.");
        string store = "sqlite:" + _folder.At("klock.db");
        using HammerProcess process = HammerProcess.StartWithFileLimit(Blocks, "fill", store, _folder.At("diary"));
        await process.EndsWellAsync();
        var diary = new DiaryReader(_folder.At("diary"));
        Assert.Equal(["STORAGE_UNAVAILABLE"], diary.Refusals.Keys);
        Assert.InRange(diary.Held.Count, 20, 5_000);

        using LeaseCoordinator coordinator = LocalStores.Open(store, TimeProvider.System, KernelRandom.Shared);
        var client = new StoreClient(coordinator);
        Assert.Equal(diary.Held.Keys, client.ActiveIds());
        Assert.True(client.Acquire("a", path: "room again").Token > diary.Tokens.Max());
    }

    public void Dispose() => _folder.Dispose();
}
