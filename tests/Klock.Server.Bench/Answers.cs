using System.Text;

namespace Klock.Server.Bench;

/// <summary>What a server says to a request for a lease and to its release.</summary>
internal static class Answers
{
    /// <summary>Asks it once.</summary>
    public static async Task<(string Granted, string Released)> OfAsync(MeasuredServer klock)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{klock.Port}") };
        // As the load generator asks.
        string wanted = "{\"agent_id\":\"pair-0-0\",\"session_id\":\"run\",\"resource_type\":\"FILE\",\"resource_path\":\"/pairs/0/0\","
            + "\"predicate\":\"MUTATES\",\"ttl\":3600000,\"wait_ms\":0}";
        string granted = await AcquireAsync(http, wanted);
        return (granted, await ReleaseAsync(http, granted));
    }

    /// <summary>Asks for a lease.</summary>
    /// <returns>The answer, which grants it.</returns>
    public static async Task<string> AcquireAsync(HttpClient http, string wanted)
    {
        using HttpResponseMessage granted = await http.PostAsync("leases", new StringContent(wanted, Encoding.UTF8, "application/json"));
        return await granted.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>Releases it.</summary>
    /// <returns>The answer.</returns>
    public static async Task<string> ReleaseAsync(HttpClient http, string granted)
    {
        const string IdBefore = "\"lease_id\":\"";
        string lease = granted.Substring(granted.IndexOf(IdBefore, StringComparison.Ordinal) + IdBefore.Length, 32);
        using HttpResponseMessage released = await http.DeleteAsync($"leases/{lease}");
        return await released.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
