using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Replicated.OnFile;

/// <summary>Several stores on one journal in a file.</summary>
public sealed class SharedFileJournalTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Stores_on_one_file_never_overlap(int stores)
    {
        using var kind = new FileJournalKind();
        using var hammer = new StoresHammer(() => kind.OpenStore(TimeProvider.System, KernelRandom.Shared.Next()), stores);
        hammer.AwaitGrants(300);
        hammer.Check();
    }

    [Fact]
    public void A_store_that_comes_later_has_all_of_a_snapshot_and_of_what_came_after_it()
    {
        using var kind = new FileJournalKind();
        using LeaseCoordinator first = Open(kind);
        var klock = new StoreClient(first);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(klock.Acquire("a", path: $"{i}").Success);
        }

        using LeaseCoordinator later = Open(kind);
        Assert.Equal(klock.ActiveIds().Order(), new StoreClient(later).ActiveIds().Order());
        Assert.InRange(kind.Batches(), 1, 99);
    }

    [Fact]
    public void What_one_store_has_granted_the_other_refuses_at_once()
    {
        using var kind = new FileJournalKind();
        using LeaseCoordinator first = Open(kind), second = Open(kind);
        for (int i = 0; i < 200; i++)
        {
            string lease = new StoreClient(first).Acquire("a", session: "a").LeaseId;
            Assert.True(new StoreClient(second).Get(lease).Success);
            Assert.False(new StoreClient(second).Acquire("b", session: "b").Success);
            Assert.True(new StoreClient(second).Release(lease).Success);
        }
    }

    private static LeaseCoordinator Open(FileJournalKind kind) => kind.Open(TimeProvider.System, KernelRandom.Shared);
}
