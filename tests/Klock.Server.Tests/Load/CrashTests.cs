using System.Collections.Concurrent;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Load;

/// <summary>kill -9 in the middle of everything: what was acknowledged is still there.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Clients = 16;
    private const int Rounds = 3;

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, long> _held = new();
    private readonly ConcurrentDictionary<string, byte> _released = new();
    private long _highestToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_on_SQLite()
    {
        for (int round = 0; round < Rounds; round++)
        {
            await using ServerProcess server = await ServerProcess.StartAsync("--storage", $"sqlite:{_folder.At("klock.db")}");
            using var api = new Api(server.Url);
            await CheckAsync(api);
            using var stop = new CancellationTokenSource();
            Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => RunAsync(server.Url, $"c{client}", round, stop.Token))];
            await Task.Delay(700, TestContext.Current.CancellationToken);
            await server.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }

        Assert.True(_held.Count > 20 && _released.Count > 20, $"too little was done: {_held.Count} held, {_released.Count} released");
        await using ServerProcess last = await ServerProcess.StartAsync("--storage", $"sqlite:{_folder.At("klock.db")}");
        using var check = new Api(last.Url);
        await CheckAsync(check);
    }

    private async Task CheckAsync(Api api)
    {
        Dictionary<string, long> listed = (await api.GetAsync("/leases")).Data.EnumerateArray()
            .ToDictionary(lease => lease.GetProperty("id").GetString()!, lease => lease.GetProperty("fencing_token").GetInt64());
        foreach ((string lease, long token) in _held)
        {
            Assert.True(listed.TryGetValue(lease, out long kept), $"lease {lease} was granted and is lost");
            Assert.Equal(token, kept);
        }

        Assert.Empty(listed.Keys.Intersect(_released.Keys));
        Reply next = (await api.AcquireAsync("check", $"/check/{_highestToken}")).Is(201);
        Assert.True(next.Data.GetProperty("fencing_token").GetInt64() > _highestToken);
        _held[next.LeaseId] = next.Data.GetProperty("fencing_token").GetInt64();
    }

    private async Task RunAsync(Uri url, string agent, int round, CancellationToken stop)
    {
        using var api = new Api(url);
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            try
            {
                Reply granted = (await api.AcquireAsync(agent, $"/{agent}/{round}/{i}", ttl: 3_600_000)).Is(201);
                long token = granted.Data.GetProperty("fencing_token").GetInt64();
                _held[granted.LeaseId] = token;
                InterlockedMax(token);
                if (i % 2 == 0)
                {
                    // From here on it may be gone, answered or not.
                    _held.TryRemove(granted.LeaseId, out _);
                    (await api.DeleteAsync("/leases/" + granted.LeaseId)).Is(200);
                    _released[granted.LeaseId] = 0;
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private void InterlockedMax(long token)
    {
        for (long seen; token > (seen = Interlocked.Read(ref _highestToken));)
        {
            Interlocked.CompareExchange(ref _highestToken, token, seen);
        }
    }
}
