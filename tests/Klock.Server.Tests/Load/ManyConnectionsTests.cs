using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Load;

/// <summary>Many clients at once, and more than there may be.</summary>
public sealed class ManyConnectionsTests
{
    private const int Many = 1_000;
    private const int EventStreams = 1_024;

    [Fact]
    public async Task A_thousand_connections_at_once_are_served()
    {
        await using ServerProcess server = await ServerProcess.StartAsync();
        RawConnection[] connections = await OpenAsync(server.Url, Many);
        string[] bodies = [.. Enumerable.Range(0, Many).Select(i => Api.Lease($"a{i}", $"/many/{i}"))];
        await Task.WhenAll(connections.Zip(bodies, (connection, body) => connection.SendAsync(
            $"POST /leases HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}")));
        string[] answers = await Task.WhenAll(connections.Select(connection => connection.ReadToEndAsync(TimeSpan.FromSeconds(20))));
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 201", answer, StringComparison.Ordinal));
        Array.ForEach(connections, connection => connection.Dispose());
    }

    [Fact]
    public async Task A_thousand_wait_for_one_lease_and_each_gets_it()
    {
        await using ServerProcess server = await ServerProcess.StartAsync();
        using var api = new Api(server.Url);
        Reply held = (await api.AcquireAsync("first", "/one")).Is(201);
        int holders = 0;
        Task[] waiting = [.. Enumerable.Range(0, Many).Select(async i =>
        {
            string lease = (await api.AcquireAsync($"w{i}", "/one", waitMs: 25_000)).Is(201).LeaseId;
            Assert.Equal(1, Interlocked.Increment(ref holders));
            Interlocked.Decrement(ref holders);
            (await api.DeleteAsync("/leases/" + lease)).Is(200);
        })];
        await api.UntilWaitersAsync(Many);
        await api.DeleteAsync("/leases/" + held.LeaseId);
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_connection_too_many_is_closed_and_there_is_room_again_when_one_goes()
    {
        await using ServerProcess server = await ServerProcess.StartAsync("--max-connections", "10");
        RawConnection[] connections = await OpenServedAsync(server.Url, 10);
        using (RawConnection tooMany = await RawConnection.OpenAsync(server.Url))
        {
            Assert.Equal("", await tooMany.ReadToEndAsync(TimeSpan.FromSeconds(5)));
        }

        connections[0].Dispose();
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200", await RawConnection.AskAsync(server.Url, "GET", "/health"), StringComparison.Ordinal);
        Array.ForEach(connections, connection => connection.Dispose());
    }

    [Fact]
    public async Task An_event_stream_too_many_is_told_so_and_there_is_room_again_when_one_goes()
    {
        await using ServerProcess server = await ServerProcess.StartAsync();
        RawConnection[] streams = await OpenAsync(server.Url, EventStreams);
        await Task.WhenAll(streams.Select(stream => stream.SendAsync("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")));
        using var api = new Api(server.Url);
        await api.UntilMetricAsync($"klock_event_streams {EventStreams}");
        string refused = await RawConnection.AskAsync(server.Url, "GET", "/events");
        Assert.StartsWith("HTTP/1.1 503", refused, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1", refused, StringComparison.Ordinal);
        Assert.Contains($"{EventStreams} event streams are open, which is the most", refused, StringComparison.Ordinal);
        streams[0].Dispose();
        await api.UntilMetricAsync($"klock_event_streams {EventStreams - 1}");
        (await EventReader.OpenAsync(api, "/events")).Dispose();
        Array.ForEach(streams, stream => stream.Dispose());
    }

    [Fact]
    public async Task A_low_limit_on_files_is_raised_and_a_hard_one_is_kept_to()
    {
        await using ServerProcess raised = await ServerProcess.StartAfterAsync("ulimit -Sn 128");
        RawConnection[] connections = await OpenAsync(raised.Url, 300);
        Assert.StartsWith("HTTP/1.1 200", await RawConnection.AskAsync(raised.Url, "GET", "/health"), StringComparison.Ordinal);
        Array.ForEach(connections, connection => connection.Dispose());

        await using ServerProcess few = await ServerProcess.StartAfterAsync("ulimit -n 128");
        await few.UntilLoggedAsync("at most 64 connections, not 16384");
        connections = await OpenServedAsync(few.Url, 64);
        using (RawConnection tooMany = await RawConnection.OpenAsync(few.Url))
        {
            Assert.Equal("", await tooMany.ReadToEndAsync(TimeSpan.FromSeconds(5)));
        }

        Array.ForEach(connections, connection => connection.Dispose());
    }

    // Connections that come together are counted in any order, so each has been answered before there is one too many.
    private static async Task<RawConnection[]> OpenServedAsync(Uri url, int count)
    {
        RawConnection[] connections = await OpenAsync(url, count);
        foreach (RawConnection connection in connections)
        {
            await connection.SendAsync($"GET /health HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", await connection.ReadUntilAsync("}", TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        }

        return connections;
    }

    private static async Task<RawConnection[]> OpenAsync(Uri url, int count)
    {
        var connections = new RawConnection[count];
        for (int i = 0; i < count; i++)
        {
            connections[i] = await RawConnection.OpenAsync(url);
        }

        return connections;
    }
}
