using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Hammer;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>Sixteen threads fight over a few resources of one coordinator, or of several on one file, and a witness looks on.</summary>
[Collection(HammerCollection.Name)]
public sealed class ThreadHammerTests
{
    private const int Threads = 16;

    [Fact]
    public void Threads_on_one_memory_store_never_overlap() => Hammer(new MemoryKind(), coordinators: 1);

    [Fact]
    public void Threads_on_one_SQLite_store_never_overlap() => Hammer(new SqliteKind(), coordinators: 1);

    [Fact]
    public void Threads_on_four_stores_of_one_file_never_overlap() => Hammer(new SqliteKind("?synchronous=normal"), coordinators: 4);

    private static void Hammer(IStoreKind kind, int coordinators)
    {
        using IStoreKind store = kind;
        using var folder = new TemporaryFolder();
        using var witness = new Witness(folder.At("witness"));
        LeaseCoordinator[] opened =
        [
            .. Enumerable.Range(0, coordinators).Select(_ => store.Open(TimeProvider.System, KernelRandom.Shared)),
        ];
        Diary[] diaries = [.. Enumerable.Range(0, Threads).Select(i => new Diary(folder.At($"diary-{i}")))];
        Thread[] threads = [.. diaries.Select((diary, i) => new Thread(
            () => RunGuarded(new Worker(opened[i % coordinators], witness, witness.AddWorker(), diary, ttlMs: 600_000, seed: i), diary)))];
        Array.ForEach(threads, thread => thread.Start());
        Thread.Sleep(Soak.TimeOr(2));
        witness.Stopped = true;
        Array.ForEach(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a worker did not come to its end"));
        Array.ForEach(diaries, diary => diary.Dispose());

        DiaryReader[] read = [.. Enumerable.Range(0, Threads).Select(i => new DiaryReader(folder.At($"diary-{i}")))];
        Assert.Empty(read.SelectMany(diary => diary.Wrongs));
        Fairness.Check(read);
        Assert.Empty(new StoreClient(opened[0]).ActiveIds());
        Array.ForEach(opened, coordinator => coordinator.Dispose());
    }

    private static void RunGuarded(Worker worker, Diary diary)
    {
        try
        {
            worker.Run();
        }
        catch (Exception failure)
        {
            diary.Wrong(failure.ToString().ReplaceLineEndings(" "));
        }
    }
}
