using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Stores.Replicated;
using Klock.Storage.Tests.Harness;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Klock.Storage.Tests.Replicated;

/// <summary>Others that are faster every time: nobody waits for ever.</summary>
public sealed class OutrunTests : IDisposable
{
    private static readonly TimeSpan _append = TimeSpan.FromMilliseconds(100);

    private readonly SharedJournal _journal = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeTimeProvider _network = new();
    private readonly LeaseCoordinator _others;
    private readonly LeaseCoordinator _coordinator;
    private readonly StoreClient _klock;
    private int _faster;
    private int _tried;

    public OutrunTests()
    {
        _others = new LeaseCoordinator(new ReplicatedStore(_journal.Connect(), _clock, KernelRandom.Shared.Next()), KernelRandom.Shared);
        var store = new ReplicatedStore(_journal.Connect(LetOthers), _clock, KernelRandom.Shared.Next(), network: _network);
        _coordinator = new LeaseCoordinator(store, KernelRandom.Shared);
        _klock = new StoreClient(_coordinator);
        Assert.True(_klock.Acquire("a", path: "first").Success);
        Assert.True(new StoreClient(_others).Acquire("b", path: "before").Success);
        _tried = 0;
    }

    public void Dispose()
    {
        _coordinator.Dispose();
        _others.Dispose();
    }

    [Fact]
    public void Who_is_behind_each_time_for_eight_seconds_is_told_so_and_nothing_has_happened()
    {
        int loads = _journal.Loads;
        _faster = 1_000;
        Answer told = _klock.Acquire("a", path: "second");
        Assert.Equal("STORAGE_UNAVAILABLE", told.Code);
        Assert.Equal("Other servers were faster each time, for some seconds: nothing was granted or changed, try again.", told.Error);
        Assert.InRange(_tried, 80, 83);

        // An answer that changes nothing needs only to know what others did.
        Answer list = _klock.List();
        Assert.True(list.Success, list.Text);

        // What was decided was taken back, and the state is still there, with all that others did meanwhile.
        _faster = 0;
        Answer other = new StoreClient(_others).Acquire("b", path: "second");
        Assert.True(other.Success, other.Text);
        string[] active = _klock.ActiveIds();
        Assert.Equal(new StoreClient(_others).ActiveIds().Order(), active.Order());
        Assert.True(active.Length > 80);
        Assert.Equal(loads, _journal.Loads);
        Assert.True(_klock.Acquire("a", path: "third").Success);
    }

    [Fact]
    public async Task All_that_were_gathered_are_told()
    {
        _faster = 1_000;
        Task<Answer>[] asked = [.. Enumerable.Range(0, 20).Select(caller => Task.Factory.StartNew(
            () => _klock.Acquire($"a{caller}", path: $"{caller}"), TaskCreationOptions.LongRunning))];
        Answer[] told = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.All(told, static answer => Assert.Equal("STORAGE_UNAVAILABLE", answer.Code));
        _faster = 0;
        Assert.DoesNotContain(_klock.List().Data.EnumerateArray(), static lease =>
            lease.GetProperty("agent_id").GetString()!.StartsWith('a') && lease.GetProperty("agent_id").GetString() != "a");
    }

    [Fact]
    public void Who_is_behind_for_a_shorter_time_is_decided_for()
    {
        _faster = 75;
        Answer granted = _klock.Acquire("a", path: "second");
        Assert.True(granted.Success, granted.Text);
        Assert.Equal(76, _tried);
    }

    // Each time a lease is really granted elsewhere, before this store's append arrives.
    private Fault LetOthers()
    {
        _network.Advance(_append);
        _tried++;
        if (_faster > 0)
        {
            _faster--;
            Assert.True(new StoreClient(_others).Acquire("b", path: $"b/{_faster}").Success);
        }

        return Fault.None;
    }
}
