using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;

namespace Klock.Machines.Bench;

/// <summary>What a server has of a journal: a store of its own, and what keeps its time.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan _sweepEvery = TimeSpan.FromMilliseconds(250);

    private readonly Timer _sweeper;

    public Server(IEngine engine, string journal, int number)
    {
        Journal = new CountingJournal(engine.Connect(journal, number));
        Coordinator = new LeaseCoordinator(
            new ReplicatedStore(Journal, TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared);
        _sweeper = new Timer(_ => Coordinator.Sweep(), null, _sweepEvery, _sweepEvery);
    }

    public LeaseCoordinator Coordinator { get; }

    public CountingJournal Journal { get; }

    public void Dispose()
    {
        _sweeper.Dispose();
        Coordinator.Dispose();
    }
}
