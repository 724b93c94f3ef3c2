using Klock.Coordinator;
using Klock.Coordinator.Ids;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Tickets;
using Klock.Coordinator.Waits;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>
/// Something that must not happen does, anywhere inside a request: memory is out, a clock or a source of ids throws. Afterwards the state
/// is whole, or the store answers nothing any more; and nobody waits beyond its time.
/// </summary>
public abstract class FaultContract(IStoreKind kind) : ContractSuite(kind)
{
    private const int Commands = 60;
    private const int LongestMs = 20_000;

    private readonly IStoreKind _kind = kind;

    [Fact]
    public void Whatever_the_clock_does_the_state_is_whole_or_the_store_refuses()
    {
        var clock = new FaultyClock(Clock);
        using LeaseCoordinator coordinator = _kind.Open(clock, new CountingIds());
        for (int look = 1; look <= 200; look++)
        {
            clock.ThrowAt(look);
            RandomCommands(coordinator, look, () => clock.IsArmed);
            clock.ThrowAt(0);
            AssertWhole(coordinator);
        }
    }

    [Fact]
    public void Whatever_the_ids_do_the_state_is_whole()
    {
        var ids = new FaultyIds();
        using LeaseCoordinator coordinator = _kind.Open(Clock, ids);
        for (int id = 1; id <= 40; id++)
        {
            ids.ThrowAt(id);
            RandomCommands(coordinator, id, () => ids.IsArmed);
            ids.ThrowAt(0);
            AssertWhole(coordinator);
        }
    }

    /// <summary>Both the one who keeps time and those who sleep meanwhile.</summary>
    [Fact]
    public async Task Every_wait_ends_in_time_though_a_tick_fails()
    {
        var clock = new FaultyClock(TimeProvider.System);
        using var coordinator = new LeaseCoordinator(OpenAnother(clock), new CountingIds());
        var client = new StoreClient(coordinator);
        client.Acquire("holder", path: "x");
        for (int look = 1; look <= 12; look++)
        {
            string request = Request.Acquire(path: "x").With("wait_ms", 60).ToString();
            Task[] waits = [.. Enumerable.Range(0, 3).Select(_ => Callers.Start(() => Try(client, Operation.Acquire, request)))];
            await Task.Delay(20, TestContext.Current.CancellationToken);
            clock.ThrowAt(look);
            Task all = Task.WhenAll(waits);
            await Task.WhenAny(all, Task.Delay(LongestMs, TestContext.Current.CancellationToken));
            Assert.True(all.IsCompleted, $"at look {look} {waits.Count(wait => !wait.IsCompleted)} sleep on; armed: {clock.IsArmed}");
            clock.ThrowAt(0);
        }
    }

    [Fact]
    public async Task Every_ticket_is_answered_in_time_though_a_tick_fails()
    {
        var clock = new FaultyClock(TimeProvider.System);
        using var coordinator = new LeaseCoordinator(OpenAnother(clock), new CountingIds());
        new StoreClient(coordinator).Acquire("holder", path: "x");
        var desk = new TicketDesk(coordinator, TimeProvider.System);
        for (int look = 1; look <= 12; look++)
        {
            string request = Request.Acquire(path: "x").With("wait_ms", 30).With("request", "acquire").ToString();
            string submitted = Callers.Answer(answer => desk.Submit(System.Text.Encoding.UTF8.GetBytes(request), answer));
            Assert.Contains("\"ticket\":", submitted, StringComparison.Ordinal);
            clock.ThrowAt(look);
            string collected = await Callers.Start(() => Callers.Answer(answer => desk.Collect("{\"timeout_ms\":20000}"u8, answer)));
            clock.ThrowAt(0);
            Assert.True(collected.Contains("\"open\":0", StringComparison.Ordinal), $"at look {look}: {collected}");
            Assert.Contains("\"success\":false", collected, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Whoever_sweeps_is_told_what_failed_and_nothing_is_thrown()
    {
        var clock = new FaultyClock(Clock);
        using LeaseCoordinator coordinator = _kind.Open(clock, new CountingIds());
        new StoreClient(coordinator).Acquire("a", ttl: 5);
        Advance(10);
        clock.ThrowAt(1);
        Assert.IsType<PlantedFaultException>(coordinator.Sweep());
        Assert.Null(coordinator.Sweep());
        Assert.Contains(new StoreClient(coordinator).Events(), happened => happened.GetProperty("kind").GetString() == "EXPIRED");
    }

    /// <summary>A kernel that has thrown is never asked again: a store that can loads it anew, one that cannot says so for ever.</summary>
    [Fact]
    public void A_kernel_that_threw_between_two_of_its_changes_is_never_asked_again()
    {
        using IStore store = OpenAnother(Clock);
        using var coordinator = new LeaseCoordinator(store, new CountingIds());
        var client = new StoreClient(coordinator);
        for (int n = 1; n <= 6; n++)
        {
            var waits = new Waiting(coordinator, Operation.Acquire, Blocked(client, n));
            var sink = new FailingSink(n);
            Assert.Throws<PlantedFaultException>(() => store.Execute(new Torn(sink, n)));
            Answer[] answers = [client.List(), client.Acquire("z", path: "z"), client.Ask(Operation.Health, "{}"), client.Evict()];
            if (answers.Any(answer => answer.Code == "INTERNAL"))
            {
                Assert.All(answers, answer => Assert.Equal("INTERNAL", answer.Code));
                Assert.Equal("INTERNAL", waits.Answered().Code);
                Assert.Equal("INTERNAL", client.Ask(Operation.Events, "{}").Code);
                Assert.Contains("PlantedFaultException", answers[0].Error, StringComparison.Ordinal);
                return;
            }

            Assert.All(answers, answer => Assert.True(answer.Success, answer.Text));
            Assert.DoesNotContain(answers[0].Data.EnumerateArray(), lease => lease.GetProperty("agent_id").GetString() == "torn");
            Assert.Null(waits.Look());
            waits.Cancel();
            AssertWhole(coordinator);
        }
    }

    /// <summary>A store of the kind that has nothing to do with the others, to run commands of a test's own on.</summary>
    protected abstract IStore OpenAnother(TimeProvider time);

    private static Request Blocked(StoreClient client, int n)
    {
        client.Acquire("holder", path: $"held/{n}");
        return Request.Acquire("waiter", path: $"held/{n}").With("wait_ms", 60_000);
    }

    // An operator's program goes on whatever one request says.
    private static Answer? Try(StoreClient client, Operation operation, string request)
    {
        try
        {
            return client.Ask(operation, request);
        }
        catch (PlantedFaultException)
        {
            return null;
        }
    }

    private void RandomCommands(LeaseCoordinator coordinator, int seed, Func<bool> goOn)
    {
        var client = new StoreClient(coordinator);
        // Not for secrets: the same run each time.
#pragma warning disable CA5394
        var dice = new Random(seed);
        string[] paths = ["a", "a/b", "a/**", "c", "d#e"];
        List<string> leases = [new string('0', 32)];
        for (int i = 0; i < Commands && goOn(); i++)
        {
            string lease = Request.Of(("lease_id", leases[dice.Next(leases.Count)])).ToString();
            Request acquire = Request.Acquire($"agent{dice.Next(4)}", "MUTATES", paths[dice.Next(4)]).With("ttl", dice.Next(1, 500));
            Advance(dice.Next(20));
            (Operation operation, string request) = dice.Next(10) switch
            {
                0 => (Operation.Heartbeat, lease),
                1 => (Operation.Release, lease),
                2 => (Operation.EvictExpired, "{}"),
                3 => (Operation.ListLeases, "{}"),
                4 => (Operation.Health, "{}"),
                5 => (Operation.Events, "{}"),
                6 => (Operation.Acquire, acquire.With("request_id", $"{dice.Next(3)}").ToString()),
                _ => (Operation.Acquire, acquire.ToString()),
            };
            if (Try(client, operation, request) is { Success: true } answer && operation == Operation.Acquire)
            {
                leases.Add(answer.LeaseId);
            }
        }
#pragma warning restore CA5394
    }

    // What is listed blocks, what is not listed does not, and all of it can be released.
    private static void AssertWhole(LeaseCoordinator coordinator)
    {
        var client = new StoreClient(coordinator);
        var listed = client.List().Data.EnumerateArray().Select(lease =>
            (Id: lease.GetProperty("id").GetString()!, Path: lease.GetProperty("resource").GetString()!["FILE:".Length..])).ToList();
        foreach ((string id, string path) in listed)
        {
            Assert.False(client.Acquire("stranger", path: path).Success);
            Assert.True(client.Get(id).Success);
        }

        Assert.All(listed, lease => Assert.True(client.Release(lease.Id).Success));
        Answer all = client.Acquire("stranger", path: "**");
        Assert.True(all.Success, all.Text);
        client.Release(all.LeaseId);
        Assert.Empty(client.Waiters());
        Assert.Equal(0, client.Ask(Operation.Health, "{}").Data.GetProperty("active_leases").GetInt64());
    }

    /// <summary>Has the kernel emit the events of a few commands to a sink that fails.</summary>
    private sealed class Torn(FailingSink sink, int number) : IStoreCommand
    {
        public void Run(LeaseTable table, long nowMs, LocalWaits waits)
        {
            table.SendEventsTo(sink);
            for (int i = 0; i < 10; i++)
            {
                Resource.TryCreate(ResourceType.File, $"torn/{number}/{i}", out Resource? resource, out _);
                var request = new AcquireRequest
                {
                    AgentId = "torn",
                    SessionId = "s",
                    Wanted = [new(new LeaseId(((UInt128)number << 64) + (UInt128)i + 1), resource!, Predicate.Mutates)],
                    TtlMs = 60_000,
                };
                table.Acquire(request, nowMs, out _);
            }
        }
    }

    private sealed class FailingSink(int at) : IEventSink
    {
        private int _left = at;

        public void Append(in Event happened)
        {
            if (--_left == 0)
            {
                throw new PlantedFaultException("the sink's fault");
            }
        }
    }

    private sealed class FaultyIds : ILeaseIdSource
    {
        private readonly CountingIds _ids = new();
        private int _left;

        public bool IsArmed => _left > 0;

        public void ThrowAt(int id) => _left = id;

        public LeaseId Next() => _left > 0 && --_left == 0 ? throw new PlantedFaultException("the ids' fault") : _ids.Next();
    }
}
