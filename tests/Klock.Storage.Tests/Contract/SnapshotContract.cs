using System.Text.Json;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>All lists of one moment, and the number of the event that they belong to.</summary>
public abstract class SnapshotContract(IStoreKind kind) : ContractSuite(kind)
{
    [Fact]
    public void An_empty_store_has_empty_lists_a_number_and_a_time()
    {
        JsonElement empty = Take();
        Assert.Equal("2027-01-15T08:00:00.000Z", empty.GetProperty("time").GetString());
        Assert.Equal(Head(), empty.GetProperty("sequence").GetInt64());
        Assert.All((string[])["leases", "waiters", "agents"], list => Assert.Empty(empty.GetProperty(list).EnumerateArray()));
        Assert.Equal("{}", empty.GetProperty("next").GetRawText());
    }

    [Fact]
    public void Its_lists_are_those_that_one_can_ask_for()
    {
        Fill();
        JsonElement shown = Take();
        Assert.Equal(Listed(Operation.ListLeases), shown.GetProperty("leases").GetRawText());
        Assert.Equal(Listed(Operation.ListWaiters), shown.GetProperty("waiters").GetRawText());
        Assert.Equal(Listed(Operation.ListAgents), shown.GetProperty("agents").GetRawText());
        Assert.Equal(Head(), shown.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public void It_changes_nothing()
    {
        Fill();
        Take();
        int events = Klock.Events().Length;
        Advance(1_000);
        JsonElement first = Take(), again = Take();
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(events, Klock.Events().Length);
    }

    [Fact]
    public void A_filter_narrows_leases_and_waiters_down_and_an_agents_name_the_agents_too()
    {
        Fill();
        Assert.Equal("mid|old young|old mid young", Summary(Take(("resource", "FILE:src/a.ts"))));
        Assert.Equal("mid mid|young|mid young", Summary(Take(), "mid", "young"));
        Assert.Equal("||young", Summary(Take(("agent_id", "young"), ("session_id", "other"))));
        Assert.Equal("|young|young", Summary(Take(("agent_id", "young"))));
        Assert.Equal("||old mid young", Summary(Take(("namespace", "elsewhere"))));
        Assert.Equal("INVALID_REQUEST", Klock.Ask(Operation.Snapshot, "{\"resource\":\"x\"}").Code);
    }

    [Fact]
    public void A_limit_is_that_of_each_list_and_next_says_where_each_goes_on()
    {
        Fill();
        JsonElement page = Take(("limit", 1));
        Assert.Equal("mid|old|old", Summary(page));
        JsonElement next = page.GetProperty("next");
        Assert.Equal(3, next.EnumerateObject().Count());
        Assert.Equal("mid", Names(Klock.Ask(Operation.ListLeases, After(next, "leases")).Data));
        Assert.Equal("young", Names(Klock.Ask(Operation.ListWaiters, After(next, "waiters")).Data));
        Assert.Equal("mid young", Names(Klock.Ask(Operation.ListAgents, After(next, "agents")).Data));
        Assert.Equal(["agents"], Take(("limit", 2)).GetProperty("next").EnumerateObject().Select(list => list.Name));
        Assert.Empty(Take(("limit", 3)).GetProperty("next").EnumerateObject());
        Assert.Empty(Take(("after", 1L << 52)).GetProperty("next").EnumerateObject());
        Assert.Equal("mid mid|old young|old mid young", Summary(Take(("after", 1L << 52))));
    }

    [Fact]
    public void Agents_can_be_left_out()
    {
        Fill();
        Assert.Equal("mid mid|old young|", Summary(Take(("agents", "none"))));
        Assert.Equal(["waiters", "leases"], Take(("agents", "none"), ("limit", 1)).GetProperty("next").EnumerateObject()
            .Select(list => list.Name).OrderDescending());
        Assert.Equal("mid mid|old young|old mid young", Summary(Take(("agents", "ALL"))));
        Answer wrong = Klock.Ask(Operation.Snapshot, "{\"agents\":\"few\"}");
        Assert.Equal("agents is \"few\": it must be all or none (in any case).", wrong.Error);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("\"1\"")]
    public void A_limit_out_of_bounds_is_an_error(string limit)
    {
        Answer answer = Klock.Ask(Operation.Snapshot, $"{{\"limit\":{limit}}}");
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith("limit ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_overdue_is_not_shown_and_its_end_is_the_event_at_its_number_or_after_it()
    {
        Klock.Acquire("a", ttl: 100);
        Advance(100);
        JsonElement shown = Take();
        Assert.Empty(shown.GetProperty("leases").EnumerateArray());

        // A store that others share has stored the end before it shows anything, and its number is that of the end.
        JsonElement end = Klock.Events(shown.GetProperty("sequence").GetInt64() - 1)[^1];
        Assert.Equal("EXPIRED", end.GetProperty("kind").GetString());
    }

    /// <summary>
    /// Whoever takes one and follows the events after its number has what a later one shows, wherever in a history it is taken.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_events_after_its_number_lead_from_it_to_every_later_one(int seed)
    {
        var random = new Random(seed);
        List<(long Sequence, SortedSet<long> Tokens, long AtMs)> taken = [];
        List<string> held = [];
        for (int i = 0; i < 120; i++)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    Answer granted = Klock.Acquire(
                        $"a{random.Next(4)}", path: $"{random.Next(30)}", ttl: random.Next(2) == 0 ? 50 : 60_000);
                    if (granted.Success)
                    {
                        held.Add(granted.LeaseId);
                    }

                    break;
                case 2 when held.Count > 0:
                    Klock.Release(held[random.Next(held.Count)]);
                    break;
                case 3:
                    Advance(random.Next(40));
                    break;
                default:
                    taken.Add(TokensNow());
                    break;
            }
        }

        Klock.Evict();
        taken.Add(TokensNow());
        JsonElement[] events = Klock.Events();
        for (int from = 0; from < taken.Count; from++)
        {
            Assert.All(
                taken.Skip(from), to => Assert.Equal(to.Tokens, Follow(taken[from].Tokens, events, taken[from].Sequence, to)));
        }
    }

    [Fact]
    public void A_caller_who_may_only_read_sees_no_ids_and_a_confined_one_its_own_namespaces_alone()
    {
        Klock.Ask(Operation.Acquire, Request.Acquire("a", path: "x").With("namespace", "shop").ToString());
        Klock.Ask(Operation.Acquire, Request.Acquire("b", path: "x").With("namespace", "other").ToString());
        Klock.Acquire("c", path: "x");
        Assert.Equal("a b c||a b c", Summary(Take(NamespaceScope.All), sorted: true));
        JsonElement reader = Take(NamespaceScope.All.WithoutLeaseIds());
        Assert.Equal("a b c||a b c", Summary(reader, sorted: true));
        Assert.All(reader.GetProperty("leases").EnumerateArray(), lease => Assert.False(lease.TryGetProperty("id", out _)));
        JsonElement confined = Take(NamespaceScope.Of(["shop"]));
        Assert.Equal("a||a", Summary(confined));
        Assert.True(confined.GetProperty("leases")[0].TryGetProperty("id", out _));
        Assert.False(Take(NamespaceScope.Of(["shop"]).WithoutLeaseIds()).GetProperty("leases")[0].TryGetProperty("id", out _));
        Assert.False(Take(NamespaceScope.All.WithoutLeaseIds().Demanded()).GetProperty("leases")[0].TryGetProperty("id", out _));
        var reply = new Reply();
        Coordinator.Execute(Operation.Snapshot, "{\"namespace\":\"other\"}"u8, reply, NamespaceScope.Of(["shop"]));
        Assert.Equal(ErrorCode.Forbidden, reply.Outcome.Error);
    }

    private static SortedSet<long> Follow(
        SortedSet<long> tokens, JsonElement[] events, long after, (long Sequence, SortedSet<long> Tokens, long AtMs) to)
    {
        var now = new SortedSet<long>(tokens);
        foreach (JsonElement happened in events.Where(happened => happened.GetProperty("seq").GetInt64() > after
            && happened.GetProperty("seq").GetInt64() <= to.Sequence))
        {
            if (happened.GetProperty("kind").GetString() == "GRANTED")
            {
                now.Add(happened.GetProperty("fencing_token").GetInt64());
            }
            else if (happened.GetProperty("kind").GetString() is "RELEASED" or "EXPIRED")
            {
                now.Remove(happened.GetProperty("fencing_token").GetInt64());
            }
        }

        // What is overdue is left out of a snapshot before the event that ends it. Nothing is renewed here.
        now.ExceptWith(events.Where(happened => happened.GetProperty("kind").GetString() == "GRANTED"
            && happened.GetProperty("expires_at").GetInt64() <= to.AtMs)
            .Select(granted => granted.GetProperty("fencing_token").GetInt64()));
        return now;
    }

    private static string After(JsonElement next, string list) =>
        Request.Of(("limit", 100), ("after", next.GetProperty(list))).ToString();

    private static string Names(JsonElement list, bool sorted = false)
    {
        IEnumerable<string> names = list.EnumerateArray().Select(entry => entry.GetProperty("agent_id").GetString()!);
        return string.Join(' ', sorted ? names.Order(StringComparer.Ordinal) : names);
    }

    private static string Summary(JsonElement shown, bool sorted = false) => string.Join(
        '|', ((string[])["leases", "waiters", "agents"]).Select(list => Names(shown.GetProperty(list), sorted)));

    private static string Summary(JsonElement shown, params string[] agents) => string.Join(
        '|', Summary(shown).Split('|').Select(list => string.Join(' ', list.Split(' ').Where(agents.Contains))));

    // "mid" holds two, "old" is queued for one of them, "young" is parked.
    private void Fill()
    {
        Klock.Register("old", 1);
        Klock.Register("mid", 2);
        Klock.Register("young", 3);
        Klock.Acquire("mid", note: "why");
        Klock.Acquire("mid", path: "b");
        Klock.Wait("young");
        Klock.Wait("old");
    }

    private (long Sequence, SortedSet<long> Tokens, long AtMs) TokensNow()
    {
        JsonElement shown = Take();
        return (
            shown.GetProperty("sequence").GetInt64(),
            [.. shown.GetProperty("leases").EnumerateArray().Select(lease => lease.GetProperty("fencing_token").GetInt64())],
            Now);
    }

    private long Head() => Klock.Ask(Operation.Health, "{}").Data.GetProperty("sequence").GetInt64();

    private string Listed(Operation operation) => Klock.Ask(operation, "{}").Data.GetRawText();

    private JsonElement Take(params (string Name, object? Value)[] filter) =>
        Klock.Ask(Operation.Snapshot, Request.Of(filter).ToString()).Data;

    private JsonElement Take(NamespaceScope scope)
    {
        var reply = new Reply();
        Coordinator.Execute(Operation.Snapshot, "{}"u8, reply, scope);
        return Shapes.Read(Operation.Snapshot, reply).Data;
    }
}
