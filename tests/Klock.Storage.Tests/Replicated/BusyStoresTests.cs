using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>Three stores that are busy all the time, on one journal. To two of them it is farther than to the first.</summary>
public sealed class BusyStoresTests
{
    private const int Stores = 3;
    private const int CallersPerStore = 4;
    private const int Turns = 150;

    [Fact]
    public async Task They_let_each_other_go_first()
    {
        double polite = await MeasureLateAsync(tellsOfOthers: true);

        // Who does not hear of the others cannot be polite: so it shows what this test would see without.
        double rude = await MeasureLateAsync(tellsOfOthers: false);
        Assert.True(
            polite < rude / 2, $"{polite:P0} of the appends came too late, and {rude:P0} of those of stores that are not polite");
    }

    /// <summary>The head moves before what it has seen of it gets back there.</summary>
    [Fact]
    public Task One_that_is_far_from_the_journal_gets_its_turn() => BesideABusyOneAsync(static (far, turn) =>
        Assert.True(far.Acquire("far", path: $"far/{turn}").Success));

    [Fact]
    public Task So_do_its_answers_that_change_nothing() => BesideABusyOneAsync(static (far, _) => Assert.True(far.List().Success));

    private static async Task BesideABusyOneAsync(Action<StoreClient, int> use)
    {
        var journal = new SharedJournal();
        using LeaseCoordinator near = Open(journal, 1, TimeSpan.FromMilliseconds(1));
        using LeaseCoordinator far = Open(journal, 2, TimeSpan.FromMilliseconds(25));
        bool isOver = false;
        Task busy = Callers.Start(() =>
        {
            var klock = new StoreClient(near);
            for (int turn = 0; !Volatile.Read(ref isOver); turn++)
            {
                Assert.True(klock.Acquire("near", path: $"near/{turn}").Success);
            }
        });
        var used = new StoreClient(far);
        await Callers.Start(() => Enumerable.Range(0, 10).ToList().ForEach(turn => use(used, turn)))
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Volatile.Write(ref isOver, true);
        await busy;
    }

    private static LeaseCoordinator Open(SharedJournal journal, int number, TimeSpan delay) => new(
        new ReplicatedStore(journal.Connect(delay: delay), TimeProvider.System, new LeaseId((UInt128)number)), KernelRandom.Shared);

    // What part of the appends came too late.
    private static async Task<double> MeasureLateAsync(bool tellsOfOthers)
    {
        var journal = new SharedJournal { TellsOfOthers = tellsOfOthers };
        LeaseCoordinator[] coordinators =
            [.. Enumerable.Range(1, Stores).Select(i => Open(journal, i, TimeSpan.FromMilliseconds(i)))];

        // The first that has done its part ends it for all: until then everybody is busy.
        bool isOver = false;
        await Task.WhenAll(Enumerable.Range(0, Stores * CallersPerStore).Select(caller => Callers.Start(() =>
        {
            var klock = new StoreClient(coordinators[caller % Stores]);
            for (int turn = 0; turn < Turns && !Volatile.Read(ref isOver); turn++)
            {
                Assert.True(klock.Acquire($"a{caller}", path: $"{caller}/{turn}").Success);
            }

            Volatile.Write(ref isOver, true);
        }))).WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);
        Array.ForEach(coordinators, static coordinator => coordinator.Dispose());
        return (double)journal.Conflicts / (journal.Conflicts + journal.All().Count);
    }
}
