using System.Text.Json;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>Waits without a thread each: submitted, collected by one thread, cancelled. On both stores.</summary>
public sealed class TicketTests : IDisposable
{
    private const int Many = 500;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_can_be_answered_at_once_gets_no_ticket(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        Assert.Equal(32, klock.Do("submit", Acquire("/a", "a", waitMs: 60_000)).GetProperty("lease_id").GetString()!.Length);
        Assert.Contains("\"reason\":\"DIE\"", klock.Send("submit", Acquire("/a", "b", waitMs: 0)), StringComparison.Ordinal);
        Assert.Equal("""{"success":true,"data":{"answers":[],"open":0}}""", klock.Send("collect"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_collects_gets_each_answer_once_as_its_own_function_would_have_given_it(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        string held = Take(klock, "/a", "holder");
        long timedOut = Submit(klock, Acquire("/a", "impatient", waitMs: 30));
        long granted = Submit(klock, Acquire("/a", "patient", waitMs: 60_000));
        Assert.Equal([timedOut], await CollectAsync(klock, 1));
        klock.Do("release", $$"""{"lease_id":"{{held}}"}""");
        JsonElement answer = Assert.Single(Collect(klock));
        Assert.Equal(granted, answer.GetProperty("ticket").GetInt64());
        Assert.Equal("patient", answer.GetProperty("answer").GetProperty("data").GetProperty("agent_id").GetString());
        Assert.Empty(Collect(klock));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_thread_collects_for_hundreds_while_another_client_lets_go(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        using OpenKlock other = onFile ? Open(onFile) : new OpenKlock(KlockLibrary.Product);
        OpenKlock holder = onFile ? other : klock;
        string held = Take(holder, "/**", "holder");
        var tickets = Enumerable.Range(0, Many).Select(number => Submit(klock, Acquire($"/{number}", $"agent{number}"))).ToHashSet();
        Task<List<long>> collected = CollectAsync(klock, Many);
        holder.Do("release", $$"""{"lease_id":"{{held}}"}""");
        Assert.Equal(tickets, [.. await collected]);
        Assert.Equal(Many, klock.Do("list_leases").GetArrayLength());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cancelled_ticket_leaves_no_waiter(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        klock.Do("register_agent", """{"agent_id":"senior","priority":1}""");
        string held = Take(klock, "/a", "holder");
        long ticket = Submit(klock, Acquire("/a", "senior"));
        JsonElement done = klock.Do("cancel", Ticket(ticket));
        Assert.Equal((ticket, true), (done.GetProperty("ticket").GetInt64(), done.GetProperty("cancelled").GetBoolean()));
        klock.Do("release", $$"""{"lease_id":"{{held}}"}""");
        // Had the senior stayed in the queue, or been granted, this one would be refused.
        klock.Do("acquire", OpenKlock.AcquireJson("/a", "junior"));
        Assert.Contains("INVALID_REQUEST", klock.Send("cancel", Ticket(ticket)), StringComparison.Ordinal);
        Assert.Empty(Collect(klock));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ticket_that_was_granted_but_not_collected_is_cancelled_with_its_lease(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        string held = Take(klock, "/a", "holder");
        long ticket = Submit(klock, Acquire("/a", "waiter"));
        klock.Do("release", $$"""{"lease_id":"{{held}}"}""");
        Assert.Equal(1, klock.Do("list_leases").GetArrayLength());
        Assert.True(klock.Do("cancel", Ticket(ticket)).GetProperty("cancelled").GetBoolean());
        Assert.Equal(0, klock.Do("list_leases").GetArrayLength());
        Assert.Empty(Collect(klock));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ticket_with_a_request_id_is_cancelled_without_its_lease_which_another_caller_may_have(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        string held = Take(klock, "/a", "holder");
        string request = Acquire("/a", "waiter").Replace("{", "{\"request_id\":\"r\",", StringComparison.Ordinal);
        long first = Submit(klock, request), again = Submit(klock, request);
        klock.Do("release", $$"""{"lease_id":"{{held}}"}""");
        JsonElement done = klock.Do("cancel", Ticket(first));
        Assert.False(done.GetProperty("cancelled").GetBoolean());
        JsonElement collected = Assert.Single(Collect(klock));
        Assert.Equal(again, collected.GetProperty("ticket").GetInt64());
        JsonElement answer = collected.GetProperty("answer");
        Assert.Equal(answer.GetRawText(), done.GetProperty("answer").GetRawText());
        klock.Do("heartbeat", $$"""{"lease_id":"{{answer.GetProperty("data").GetProperty("lease_id").GetString()}}"}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_that_was_made_is_told_to_stay(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        klock.Do("register_agent", """{"agent_id":"senior","priority":1}""");
        string mine = klock.Do("acquire", OpenKlock.AcquireJson("/a", "senior", "CONSUMES")).GetProperty("lease_id").GetString()!;
        string other = klock.Do("acquire", OpenKlock.AcquireJson("/a", "junior", "CONSUMES")).GetProperty("lease_id").GetString()!;
        string change = $$"""{"request":"change_lease","lease_id":"{{mine}}","predicate":"MUTATES","wait_ms":60000}""";
        Assert.True(klock.Do("cancel", Ticket(Submit(klock, change))).GetProperty("cancelled").GetBoolean());
        long ticket = Submit(klock, change);
        klock.Do("release", $$"""{"lease_id":"{{other}}"}""");
        JsonElement stays = klock.Do("cancel", Ticket(ticket));
        Assert.False(stays.GetProperty("cancelled").GetBoolean());
        Assert.Equal(mine, stays.GetProperty("answer").GetProperty("data").GetProperty("lease_id").GetString());
        Assert.Equal("MUTATES", klock.Do("list_leases")[0].GetProperty("predicate").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_the_last_ticket_lets_the_collector_go(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        Take(klock, "/a", "holder");
        long ticket = Submit(klock, Acquire("/a", "waiter"));
        Task<List<JsonElement>> collecting = Task.Run(() => Collect(klock, timeoutMs: 3_600_000), TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(collecting.IsCompleted);
        klock.Do("cancel", Ticket(ticket));
        Assert.Empty(await collecting);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_answers_whoever_collects(bool onFile)
    {
        OpenKlock klock = Open(onFile);
        Take(klock, "/a", "holder");
        Submit(klock, Acquire("/a", "waiter"));
        Task<List<JsonElement>> collecting = Task.Run(() => Collect(klock, timeoutMs: 3_600_000), TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        klock.Dispose();
        Assert.Equal("CLOSED", Assert.Single(await collecting).GetProperty("answer").GetProperty("code").GetString());
        Assert.Contains("CLOSED", klock.Send("collect"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_collector_comes_back_when_its_time_is_up(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        Take(klock, "/a", "holder");
        Submit(klock, Acquire("/a", "waiter"));
        long start = TimeProvider.System.GetTimestamp();
        Assert.Empty(Collect(klock, timeoutMs: 100));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, 95, 20_000);
        Assert.Equal("""{"success":true,"data":{"answers":[],"open":1}}""", klock.Send("collect", """{"timeout_ms":0}"""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_collector_and_a_caller_that_blocks_take_turns_at_keeping_time(bool onFile)
    {
        using OpenKlock klock = Open(onFile);
        Take(klock, "/a", "holder");
        for (int round = 0; round < 5; round++)
        {
            long ticket = Submit(klock, Acquire("/a", "ticket", waitMs: 150));
            Task<string> blocked = Task.Run(
                () => klock.Send("acquire", Acquire("/a", "blocked", waitMs: 300)), TestContext.Current.CancellationToken);
            // Comes, keeps time perhaps, and leaves before anything is due: somebody else must take over.
            Assert.Empty(Collect(klock, timeoutMs: 20));
            Assert.Contains("WAIT_TIMEOUT", await blocked, StringComparison.Ordinal);
            Assert.Equal([ticket], await CollectAsync(klock, 1));
        }
    }

    [Fact]
    public async Task Several_collectors_and_cancellers_share_the_tickets_without_losing_or_doubling_one()
    {
        using OpenKlock klock = Open(onFile: false);
        string held = Take(klock, "/**", "holder");
        long[] tickets = [.. Enumerable.Range(0, Many).Select(number => Submit(klock, Acquire($"/{number}", $"agent{number}")))];
        int cancelled = 0, granted = 0;
        Task work = Threads.Start(4, number =>
        {
            if (number == 0)
            {
                klock.Send("release", $$"""{"lease_id":"{{held}}"}""");
            }

            foreach (long ticket in number < 2 ? tickets.Where(each => each % 3 == number) : [])
            {
                Interlocked.Add(ref cancelled, klock.Send("cancel", Ticket(ticket)).Contains("true}", StringComparison.Ordinal) ? 1 : 0);
            }

            while (Collected(klock, 1_000) is { } data)
            {
                Interlocked.Add(ref granted, data.GetProperty("answers").GetArrayLength());
                if (data.GetProperty("open").GetInt32() == 0)
                {
                    break;
                }
            }
        });
        await work;
        Assert.Equal(Many, cancelled + granted);
        Assert.Equal(granted, klock.Do("list_leases").GetArrayLength());
    }

    [Fact]
    public void At_most_65536_tickets_are_open()
    {
        using OpenKlock klock = Open(onFile: false);
        Take(klock, "/a", "holder");
        for (int number = 0; number < 65_536; number++)
        {
            Submit(klock, Acquire("/a", $"agent{number % 50}", session: $"{number}"));
        }

        Assert.Contains("65536 tickets", klock.Send("submit", Acquire("/a", "one-more")), StringComparison.Ordinal);
        klock.Do("cancel", Ticket(1));
        Submit(klock, Acquire("/a", "one-more"));
    }

    private static string Acquire(string path, string agent, long waitMs = 600_000, string session = "s") =>
        $$"""{"request":"acquire","agent_id":"{{agent}}","session_id":"{{session}}","resource_type":"FILE","resource_path":"{{path}}",""" +
        $$"""
        "predicate":"MUTATES","ttl":600000,"wait_ms":{{waitMs}}}
        """;

    private static string Ticket(long number) => $$"""{"ticket":{{number}}}""";

    private static string Take(OpenKlock klock, string path, string agent) =>
        klock.Do("acquire", OpenKlock.AcquireJson(path, agent)).GetProperty("lease_id").GetString()!;

    private static long Submit(OpenKlock klock, string json) => klock.Do("submit", json).GetProperty("ticket").GetInt64();

    private static JsonElement Collected(OpenKlock klock, int timeoutMs) => klock.Do("collect", $$"""{"timeout_ms":{{timeoutMs}}}""");

    private static List<JsonElement> Collect(OpenKlock klock, int timeoutMs = 10_000) =>
        [.. Collected(klock, timeoutMs).GetProperty("answers").EnumerateArray()];

    private static Task<List<long>> CollectAsync(OpenKlock klock, int count) => Task.Factory.StartNew(
        () =>
        {
            List<long> tickets = [];
            long start = TimeProvider.System.GetTimestamp();
            while (tickets.Count < count && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
            {
                tickets.AddRange(Collect(klock).Select(answer => answer.GetProperty("ticket").GetInt64()));
            }

            return tickets;
        },
        TestContext.Current.CancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private OpenKlock Open(bool onFile) => new(
        KlockLibrary.Product, onFile ? $$"""{"storage":"sqlite:{{_folder.At("klock.db")}}?synchronous=normal"}""" : null);
}
