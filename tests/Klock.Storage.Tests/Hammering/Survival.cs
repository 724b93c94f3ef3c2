using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>
/// What a worker was answered before it was killed holds: kill -9 loses nothing that was acknowledged, but what was bound to its process.
/// </summary>
internal static class Survival
{
    private const int ReleasesAsked = 5;

    public static void Check(StoreClient client, DiaryReader diary, bool wasBound)
    {
        Dictionary<string, long> active = client.List().Data.EnumerateArray().ToDictionary(
            lease => lease.GetProperty("id").GetString()!, lease => lease.GetProperty("expires_at").GetInt64());
        long nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach ((string lease, long expiresAtMs) in diary.Held)
        {
            if (wasBound)
            {
                Assert.False(active.ContainsKey(lease), $"lease {lease} outlived its process");
                Assert.Equal("EXPIRED", client.Heartbeat(lease).Code);
            }
            else if (active.TryGetValue(lease, out long listedMs))
            {
                Assert.True(listedMs >= expiresAtMs, $"lease {lease} ends at {listedMs}, its holder was told {expiresAtMs}");
            }
            else
            {
                Assert.True(nowMs >= expiresAtMs, $"lease {lease} is lost at {nowMs}, its holder was told {expiresAtMs}");
                Assert.Equal("EXPIRED", client.Heartbeat(lease).Code);
            }
        }

        Assert.DoesNotContain(diary.Released, active.ContainsKey);
        Assert.All(diary.Released.TakeLast(ReleasesAsked), lease => Assert.Equal("UNKNOWN_LEASE", client.Heartbeat(lease).Code));
        CheckTokens(client, diary);
    }

    private static void CheckTokens(StoreClient client, DiaryReader diary)
    {
        Answer mine = client.Acquire("parent", path: "parent", type: "CUSTOM");
        Assert.All(diary.Tokens, token => Assert.True(token < mine.Token, $"token {mine.Token} came after {token}"));
        client.Release(mine.LeaseId);
    }
}
