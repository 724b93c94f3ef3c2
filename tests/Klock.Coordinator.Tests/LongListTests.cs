using System.Text;
using System.Text.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Fuzz;
using Klock.Kernel.Claims;
using Klock.Native.Testing;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>A list that is too long for one answer is an error, rather than incomplete, and can be read in pages.</summary>
public sealed class LongListTests
{
    private readonly Reply _reply = new();

    [Fact]
    public void More_than_an_answer_lists_is_an_error_that_names_the_limit_and_pages_have_it_all()
    {
        using var coordinator = new LeaseCoordinator(new MemoryStore(new TestClock(1_700_000_000_000), new LeaseId(1)), new CountedIds());
        Acquire(coordinator, 0, Limits.Listed);
        Ask(coordinator, Operation.ListLeases, "{}");
        Assert.True(_reply.Outcome.IsSuccess);
        Acquire(coordinator, Limits.Listed, 1);
        Ask(coordinator, Operation.ListLeases, "{}");
        Assert.Equal(Outcome.Failed(ErrorCode.InvalidRequest), _reply.Outcome);
        string error = Encoding.UTF8.GetString(_reply.Utf8);
        Assert.Contains($"limit is missing, and there are more than {Limits.Listed}", error, StringComparison.Ordinal);
        Ask(coordinator, Operation.Snapshot, "{}");
        Assert.Equal(error, Encoding.UTF8.GetString(_reply.Utf8));
        Ask(coordinator, Operation.Snapshot, """{"limit":1000}""");
        Assert.Equal(1000, JsonDocument.Parse(_reply.Text).RootElement.GetProperty("data").GetProperty("leases").GetArrayLength());
        Ask(coordinator, Operation.ListLeases, """{"resource":"CUSTOM:7"}""");
        Assert.Equal(1, Read(out _));
        int seen = 0, pages = 0;
        for (long? after = 0; after is not null && pages < 200; pages++)
        {
            Ask(coordinator, Operation.ListLeases, $$"""{"limit":1000,"after":{{after}}}""");
            seen += Read(out after);
        }

        Assert.Equal((Limits.Listed + 1, 101), (seen, pages));
    }

    private int Read(out long? next)
    {
        JsonElement answer = JsonDocument.Parse(_reply.Text).RootElement;
        next = answer.TryGetProperty("next", out JsonElement number) ? number.GetInt64() : null;
        return answer.GetProperty("data").GetArrayLength();
    }

    private void Acquire(LeaseCoordinator coordinator, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            Ask(coordinator, Operation.Acquire, $$"""
                {"agent_id":"a","session_id":"s","resource_type":"CUSTOM","resource_path":"{{i}}","predicate":"MUTATES","ttl":86400000}
                """);
            Assert.Equal(ReplyKind.Granted, _reply.Outcome.Kind);
        }
    }

    private void Ask(LeaseCoordinator coordinator, Operation operation, string request) =>
        coordinator.Execute(operation, Encoding.UTF8.GetBytes(request), _reply);
}
