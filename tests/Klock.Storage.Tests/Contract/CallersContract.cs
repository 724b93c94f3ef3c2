using System.Text;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Waits;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>Callers who wait, on threads and with tasks: each is woken by its answer, and one of them is the timekeeper for all.</summary>
public abstract class CallersContract(IStoreKind kind) : ContractSuite(kind)
{
    private readonly CancellationToken _test = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thread_that_waits_is_woken_by_another_ones_release()
    {
        Klock.Register("old", 1);
        string held = Klock.Acquire("young").LeaseId;
        Answer? answer = null;
        string request = Request.Acquire("old").With("wait_ms", 3_600_000).ToString();
        Task caller = Callers.Start(() => answer = Klock.Ask(Operation.Acquire, request));
        while (Klock.Acquire("z").Field("conflicts_total").GetInt32() < 2)
        {
            await Task.Delay(1, _test);
        }

        Assert.True(Klock.Release(held).Success);
        await caller;
        Assert.Equal([answer!.LeaseId], Klock.ActiveIds());
    }

    [Fact]
    public async Task Many_threads_take_turns_and_none_is_refused_or_overlaps()
    {
        int inside = 0, turns = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Callers.Start(() =>
        {
            for (int turn = 0; turn < 20; turn++)
            {
                Request request = Request.Acquire($"agent-{number}").With("wait_ms", 3_600_000);
                string lease = Klock.Ask(Operation.Acquire, request.ToString()).LeaseId;
                Assert.Equal(1, Interlocked.Increment(ref inside));
                turns++;
                Interlocked.Decrement(ref inside);
                Assert.True(Klock.Release(lease).Success);
            }
        })));
        Assert.Equal(160, turns);
        Assert.Empty(Klock.ActiveIds());
    }

    [Fact]
    public async Task A_task_that_waits_is_granted_by_a_release_and_refused_by_time()
    {
        Klock.Register("old", 1);
        string held = Klock.Acquire("young").LeaseId;
        Task<Answer> waits = Wait("old", 3_600_000), late = Wait("oldest", 50);
        await Clock.UntilDone(late);
        Assert.Equal("WAIT_TIMEOUT", (await late).Reason);
        Assert.True(Now >= Start + 50);
        Assert.False(waits.IsCompleted);
        Klock.Release(held);
        await Clock.UntilDone(waits);
        Assert.Equal([(await waits).LeaseId], Klock.ActiveIds());
    }

    [Fact]
    public void A_wait_given_up_just_as_it_was_granted_leaves_nothing_behind()
    {
        Klock.Register("old", 1);
        string held = Klock.Acquire("young").LeaseId;
        string request = Request.Acquire("old").With("wait_ms", 3_600_000).ToString();
        PendingWait? wait = Coordinator.Begin(Operation.Acquire, Encoding.UTF8.GetBytes(request), new Reply());
        Klock.Release(held);
        Assert.Single(Klock.ActiveIds());
        Coordinator.Cancel(wait!);
        Assert.Empty(Klock.ActiveIds());
    }

    [Fact]
    public async Task A_task_that_is_cancelled_leaves_nothing_behind()
    {
        Klock.Register("old", 1);
        string held = Klock.Acquire("young", "CONSUMES").LeaseId;
        using var gone = new CancellationTokenSource();
        Task<Answer> waits = Callers.Ask(
            Coordinator, Operation.Acquire, Request.Acquire("old").With("wait_ms", 3_600_000), Clock, gone.Token);
        Assert.Equal("DIE", Klock.Acquire("z", "CONSUMES").Reason);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        Assert.True(Klock.Acquire("z", "CONSUMES").Success);
        Klock.Release(held);
        Assert.Single(Klock.ActiveIds());
    }

    [Fact]
    public async Task Closing_ends_every_wait()
    {
        Klock.Register("old", 1);
        Klock.Acquire("young");
        Task<Answer>[] waits = [Wait("old", 3_600_000), Wait("z", 3_600_000)];
        Coordinator.Dispose();
        Assert.All(await Task.WhenAll(waits), answer => Assert.Equal("CLOSED", answer.Code));
    }

    // The first one keeps time.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_blocks_a_thread_is_let_go_when_it_is_cancelled(int which)
    {
        Klock.Acquire("holder");
        using var cancel = new CancellationTokenSource();
        Waiting[] waits = [Klock.Wait("x"), Klock.Wait("y")];
        Assert.All(waits, each => Assert.Null(each.Look()));
        Task blocking = Callers.Start(() => Coordinator.Wait(waits[which].Pending, new Reply(), cancel.Token));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocking.WaitAsync(TimeSpan.FromSeconds(60), _test));
        Assert.Single(Klock.Waiters());
    }

    [Fact]
    public void Who_keeps_time_hands_over_when_it_leaves_also_past_one_that_leaves_as_well()
    {
        Klock.Acquire("holder");
        Waiting[] waits = [Klock.Wait("x"), Klock.Wait("y"), Klock.Wait("z")];
        Assert.All(waits, each => Assert.Null(each.Look()));
        waits[0].Cancel();
        waits[1].Cancel();
        Task blocking = waits[2].Pending.BlockAsync(new Pause(Timeout.InfiniteTimeSpan), Clock, _test);
        Assert.True(blocking.IsCompletedSuccessfully, "nobody keeps time");
    }

    private Task<Answer> Wait(string agent, long waitMs) =>
        Callers.Ask(Coordinator, Operation.Acquire, Request.Acquire(agent).With("wait_ms", waitMs), Clock, _test);
}
