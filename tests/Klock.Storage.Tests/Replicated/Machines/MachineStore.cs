using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Stores.Replicated;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;

namespace Klock.Storage.Tests.Replicated.Machines;

/// <summary>What <see cref="ReplicatedStore"/> is on a machine, on the thread of who calls it:
/// so a run is the same whenever it is run.</summary>
internal sealed class MachineStore : IStore
{
    private const long KeepAliveEveryMs = 1_500;

    private readonly ReplicaClock _clock;
    private readonly Decider _decider;
    private long _keptAliveAtMs;

    public MachineStore(Func<IJournal> connect, TimeProvider time, LeaseId ownerId)
    {
        Waits = new LocalWaits(ownerId);
        _clock = new ReplicaClock(time);
        _decider = new Decider(connect(), Waits, new ShownEvents(), _clock, time, network: time, new Politeness(time));
    }

    public LocalWaits Waits { get; }

    /// <summary>Whether a call is under way: then nobody else may make one.</summary>
    public bool IsBusy { get; private set; }

    public void Execute(IStoreCommand command)
    {
        IsBusy = true;
        bool isLate = false;
        try
        {
            _decider.DecideAsync([command], () => isLate = true, CancellationToken.None).GetAwaiter().GetResult();
            if (!isLate)
            {
                _decider.FreeRestAsync(() => isLate = true, CancellationToken.None).GetAwaiter().GetResult();
            }

            _decider.SaveIfWantedAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            if (failure is not OthersFasterException)
            {
                _decider.Drop();
            }

            if (Decider.Told(failure) is var told && told != failure)
            {
                throw told;
            }

            throw;
        }
        finally
        {
            IsBusy = false;
        }

        if (isLate)
        {
            throw new KlockException(ErrorCode.StorageUnavailable, "The store does not answer.");
        }
    }

    public void Read(IStoreCommand reading) => Execute(new Reading(reading));

    public void Tick()
    {
        if (!Waits.IsEmpty && _clock.NowMs - _keptAliveAtMs >= KeepAliveEveryMs)
        {
            Execute(new KeepWaitsAlive());
            _keptAliveAtMs = _clock.NowMs;
        }
        else if (_decider.NextOwnDueMs <= _clock.NowMs)
        {
            Execute(new DoWhatIsDue());
        }
    }

    public TimeSpan UntilNextTick(bool isWoken) => TimeSpan.Zero;

    public long ReadEvents(long after, int limit, IEventSink sink) => throw new NotSupportedException();

    /// <summary>Follows, without proof that it is all.</summary>
    public void Follow() => _decider.FollowAsync(CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose()
    {
    }
}
