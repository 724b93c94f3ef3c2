using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Events;

/// <summary>The metrics that Prometheus gets.</summary>
public sealed class MetricsTests(RunningServer running) : IClassFixture<RunningServer>
{
    private Api Api => running.Api;

    [Fact]
    public async Task What_was_decided_is_counted()
    {
        string held = (await Api.AcquireAsync("m1", "/metrics")).Is(201).LeaseId;
        await Api.AcquireAsync("m2", "/metrics");
        await Api.RegisterAsync("m0", 1);
        await Api.AcquireAsync("m0", "/metrics");
        await Api.DeleteAsync("/leases/none");
        await Api.AcquireAsync("m3", "/metrics", waitMs: 20);
        Task<Reply> waiting = Api.AcquireAsync("m4", "/metrics", waitMs: 10_000);
        await Api.UntilWaitersAsync(1);
        string[] lines = await ReadAsync();
        Assert.Contains("klock_grants_total 1", lines);
        Assert.Contains("klock_refusals_total{reason=\"DIE\"} 1", lines);
        Assert.Contains("klock_refusals_total{reason=\"WAIT\"} 1", lines);
        Assert.Contains("klock_refusals_total{reason=\"WAIT_TIMEOUT\"} 1", lines);
        Assert.Contains("klock_errors_total{code=\"UNKNOWN_LEASE\"} 1", lines);
        Assert.Contains("klock_active_leases 1", lines);
        Assert.Contains("klock_waiters 1", lines);
        Assert.Contains("klock_agents 5", lines);
        Assert.Contains("klock_store_up 1", lines);
        Assert.Contains("klock_wait_seconds_count 1", lines);
        Assert.Contains("klock_http_request_seconds_count{route=\"POST /leases\"} 4", lines);
        Assert.Contains("klock_http_request_seconds_count{route=\"DELETE /leases/{id}\"} 1", lines);
        Assert.Contains(lines, line => line.StartsWith("klock_store_seconds_bucket{le=", StringComparison.Ordinal));
        await Api.DeleteAsync("/leases/" + held);
        await waiting;
        lines = await ReadAsync();
        Assert.Contains("klock_grants_total 2", lines);
        Assert.Contains("klock_waiters 0", lines);
        Assert.Contains("klock_wait_seconds_count 2", lines);
    }

    private async Task<string[]> ReadAsync()
    {
        Reply reply = (await Api.GetAsync("/metrics")).Is(200);
        Assert.StartsWith("text/plain", reply.Headers["Content-Type"], StringComparison.Ordinal);
        return reply.Text.Split('\n');
    }
}
