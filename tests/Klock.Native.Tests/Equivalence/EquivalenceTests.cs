using CsCheck;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests.Equivalence;

/// <summary>The library, compiled ahead of time and reached through C, says byte for byte what the managed code says.</summary>
public sealed class EquivalenceTests
{
    private const long StartMs = 1_800_000_000_000;

    [Fact]
    public void In_memory() => Step.Any.List[1, 80].Sample(steps => Same(steps, "memory", "memory"), iter: 300, threads: 1);

    [Fact]
    public void On_a_file()
    {
        using var folder = new TempFolder();
        int history = 0;
        Step.Any.List[1, 40].Sample(
            steps =>
            {
                history++;
                Same(steps, $"sqlite:{folder.At($"native{history}.db")}", $"sqlite:{folder.At($"managed{history}.db")}");
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public void A_long_history_with_hundreds_of_leases() =>
        Step.Any.List[3_000, 3_000].Sample(steps => Same(steps, "memory", "memory"), iter: 3, threads: 1);

    private static void Same(List<Step> steps, string nativeStorage, string managedStorage)
    {
        const ulong seed = 99;
        using OpenKlock native = OpenKlock.AtTime(StartMs, seed, nativeStorage);
        using var managed = new ManagedSide(managedStorage, seed, StartMs);
        var leases = new List<string>();
        long now = StartMs;
        foreach (Step step in steps)
        {
            now += step.PassMs;
            native.SetNow(now);
            managed.SetNow(now);
            string? json = Filled(step.Json, leases);
            string answer = native.Send(step.Name, json);
            if (json is null && Requests.NeedingJson.Contains(step.Name))
            {
                // NULL exists in C alone.
                Assert.Contains("INVALID_REQUEST", answer, StringComparison.Ordinal);
                continue;
            }

            Assert.Equal(managed.Send(step.Name, json ?? "{}"), answer);
            Remember(answer, leases);
        }
    }

    private static string? Filled(string? json, List<string> leases)
    {
        for (int back = 0; json is not null && back < leases.Count && json.Contains('$', StringComparison.Ordinal); back++)
        {
            json = json.Replace($"${back}\"", leases[^(back + 1)] + "\"", StringComparison.Ordinal);
        }

        return json;
    }

    private static void Remember(string answer, List<string> leases)
    {
        const string field = "\"data\":{\"lease_id\":\"";
        int at = answer.IndexOf(field, StringComparison.Ordinal);
        if (at >= 0)
        {
            leases.Add(answer.Substring(at + field.Length, 32));
        }
    }
}
