using System.Text;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Fuzz;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Native.Testing;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>The error past a limit names it and its size, and its code says whether to ask again.</summary>
public sealed class LimitSentencesTests
{
    private readonly Reply _reply = new();

    [Theory]
    [InlineData(CommandStatus.TooManyLeases, ErrorCode.StorageUnavailable, "more than 1 leases")]
    [InlineData(CommandStatus.TooManyLeasesOfSession, ErrorCode.InvalidRequest, "session_id is a session that would hold more than 2")]
    [InlineData(CommandStatus.TooManyWaits, ErrorCode.StorageUnavailable, "3 requests wait in the store")]
    [InlineData(CommandStatus.TooManyWaitsOfSession, ErrorCode.InvalidRequest, "session_id is a session of which 4 requests wait")]
    [InlineData(CommandStatus.TooManyWaitsForName, ErrorCode.StorageUnavailable, "5 requests wait for one of the resources")]
    public void Each_names_its_limit(CommandStatus status, ErrorCode code, string sentence)
    {
        var limits = new TableLimits { Leases = 1, SessionLeases = 2, Waits = 3, SessionWaits = 4, NameWaits = 5 };
        var json = new JsonText(_reply.Writer);
        Assert.Equal(Outcome.Failed(code), LimitSentences.Write(ref json, status, limits));
        json.Finish();
        Assert.Contains(sentence, Encoding.UTF8.GetString(_reply.Utf8), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_waits_too_often_is_told_so_and_a_retry_waits_once_another_has_ended()
    {
        using var coordinator = new LeaseCoordinator(new MemoryStore(new TestClock(1_700_000_000_000), new LeaseId(1)), new CountedIds());
        Assert.Null(Ask(coordinator, "young", waitMs: 0));
        Assert.Equal(ReplyKind.Granted, _reply.Outcome.Kind);
        Waits.PendingWait? last = null;
        for (int i = 0; i < Limits.Table.SessionWaits; i++)
        {
            last = Ask(coordinator, "a", waitMs: 60_000, requestId: i == 0 ? "retried" : null);
            Assert.NotNull(last);
        }

        Assert.Null(Ask(coordinator, "a", waitMs: 60_000, requestId: "retried"));
        Assert.Equal(Outcome.Failed(ErrorCode.InvalidRequest), _reply.Outcome);
        Assert.Contains($"{Limits.Table.SessionWaits} requests wait", Encoding.UTF8.GetString(_reply.Utf8), StringComparison.Ordinal);
        coordinator.Cancel(last!);
        Assert.NotNull(Ask(coordinator, "a", waitMs: 60_000, requestId: "retried"));
    }

    private Waits.PendingWait? Ask(LeaseCoordinator coordinator, string agent, int waitMs, string? requestId = null)
    {
        string request = $$"""
            {"agent_id":"{{agent}}","session_id":"s","resource_type":"CUSTOM","resource_path":"x","predicate":"MUTATES","ttl":86400000,
            "request_id":{{(requestId is null ? "null" : $"\"{requestId}\"")}},"wait_ms":{{waitMs}}}
            """;
        return coordinator.Begin(Operation.Acquire, Encoding.UTF8.GetBytes(request), _reply);
    }
}
