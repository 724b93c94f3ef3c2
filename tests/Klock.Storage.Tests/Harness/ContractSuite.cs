using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Microsoft.Extensions.Time.Testing;

namespace Klock.Storage.Tests.Harness;

/// <summary>What the classes of the contract share: a store, a clock that a test drives, and a client.</summary>
public abstract class ContractSuite : IDisposable
{
    /// <summary>The time at the start of every test, in ms since 1970.</summary>
    protected const long Start = 1_800_000_000_000;

    private readonly IStoreKind _kind;

    protected ContractSuite(IStoreKind kind)
    {
        _kind = kind;
        Coordinator = kind.Open(Clock, new IdsAfterOwner(0, new CountingIds()));
        Klock = new StoreClient(Coordinator);
    }

    protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(Start));

    protected LeaseCoordinator Coordinator { get; }

    protected StoreClient Klock { get; }

    protected long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        Coordinator.Dispose();
        _kind.Dispose();
    }

    /// <summary>Opens the store with another source of ids: once more if it is shared, else another one.</summary>
    protected LeaseCoordinator OpenWith(ILeaseIdSource ids) => _kind.Open(Clock, ids);

    /// <summary>Lets time pass for callers who look after their waits all along, as living ones do.</summary>
    private protected void Pass(long ms, params Waiting[] waits)
    {
        for (long step; ms > 0; ms -= step)
        {
            step = Math.Min(ms, 1_000);
            Advance(step);
            Array.ForEach(waits, wait => wait.Look());
        }
    }

    protected void Advance(long ms) => Clock.Advance(TimeSpan.FromMilliseconds(ms));
}
