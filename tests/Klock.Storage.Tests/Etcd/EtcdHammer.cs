using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Storage.Etcd;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Etcd;

/// <summary>Several stores on one etcd, with two callers each, fight over a few files until they are told to stop.</summary>
/// <remarks>A request that the store did not answer is sent again under its request id, as a client does.</remarks>
internal sealed class EtcdHammer : IDisposable
{
    private const int Files = 3;
    private const int CallersPerStore = 2;

    private readonly int[] _holders = new int[Files];
    private readonly Lock _lock = new();
    private readonly List<long> _tokens = [];
    private readonly List<LeaseCoordinator> _coordinators = [];
    private readonly Task[] _callers;
    private int _unanswered;
    private volatile bool _isOver;

    public EtcdHammer(string address, int stores)
    {
        for (int i = 0; i < stores; i++)
        {
            _coordinators.Add(new LeaseCoordinator(
                EtcdStores.Open(address, password: null, TimeProvider.System, KernelRandom.Shared.Next()), KernelRandom.Shared));
        }

        _callers = [.. Enumerable.Range(0, stores * CallersPerStore).Select(
            caller => Callers.Start(() => Run(new StoreClient(_coordinators[caller % stores]), caller)))];
    }

    /// <summary>How many grants there were.</summary>
    public int Grants
    {
        get
        {
            lock (_lock)
            {
                return _tokens.Count;
            }
        }
    }

    /// <summary>How often a request was not answered.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Waits until so many more grants were made.</summary>
    public void AwaitGrants(int more)
    {
        int enough = Grants + more;
        bool isEnough = SpinWait.SpinUntil(() => Grants >= enough || Array.Exists(_callers, static task => task.IsFaulted), 60_000);
        _isOver |= !isEnough;
        Assert.Null(Array.Find(_callers, static task => task.IsFaulted)?.Exception);
        Assert.True(isEnough, $"{Grants} grants, and not {enough}");
    }

    /// <summary>Ends it, and checks what was seen.</summary>
    public void Check()
    {
        _isOver = true;
        Assert.True(Task.WaitAll(_callers, TimeSpan.FromSeconds(60)), "a caller did not come to its end");
        Assert.Equal(_tokens.Count, _tokens.Distinct().Count());
        Assert.All(_coordinators, static each => Assert.Empty(new StoreClient(each).ActiveIds()));
    }

    public void Dispose()
    {
        _isOver = true;
        _coordinators.ForEach(static each => each.Dispose());
    }

    private void Run(StoreClient klock, int caller)
    {
        for (int turn = 0; !_isOver; turn++)
        {
            int file = (turn + caller) % Files;
            string acquire = Request.Acquire($"agent-{caller}", path: $"{file}").With("session_id", $"{caller}").With("wait_ms", 2_000)
                .With("request_id", $"{caller}-{turn}").ToString();
            Answer granted = Insist(() => klock.Ask(Operation.Acquire, acquire), out _);
            if (!granted.Success)
            {
                Assert.NotNull(granted.Reason);
                continue;
            }

            int holders = Interlocked.Increment(ref _holders[file]);
            lock (_lock)
            {
                _tokens.Add(granted.Token);
            }

            Assert.Equal(1, holders);
            Interlocked.Decrement(ref _holders[file]);
            Answer released = Insist(() => klock.Release(granted.LeaseId), out bool isRepeated);

            // Sent twice, the second may find nothing to release.
            Assert.True(released.Success || (isRepeated && released.Code == "UNKNOWN_LEASE"), released.Text);
        }
    }

    private Answer Insist(Func<Answer> ask, out bool isRepeated)
    {
        isRepeated = false;
        while (true)
        {
            Answer answer = ask();
            if (answer.Code != "STORAGE_UNAVAILABLE")
            {
                return answer;
            }

            isRepeated = true;
            Interlocked.Increment(ref _unanswered);
            Thread.Sleep(50);
        }
    }
}
