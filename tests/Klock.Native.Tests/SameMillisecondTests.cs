using System.Text.Json;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>Leases of one millisecond are as many as were granted (the original lost all but two of a thousand).</summary>
public sealed class SameMillisecondTests
{
    private const int Grants = 1_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_thousand_grants_within_one_millisecond_are_a_thousand_leases(bool onFile)
    {
        using var folder = new TempFolder();
        string storage = onFile ? $"sqlite:{folder.At("klock.db")}?synchronous=normal" : "memory";
        using OpenKlock klock = OpenKlock.AtTime(1_800_000_000_000, seed: 5, storage);
        var ids = new HashSet<string>();
        long token = 0;
        for (int i = 0; i < Grants; i++)
        {
            JsonElement lease = klock.Do("acquire", OpenKlock.AcquireJson(i % 2 == 0 ? "/same" : $"/other/{i}"));
            Assert.True(ids.Add(lease.GetProperty("lease_id").GetString()!));
            Assert.InRange(lease.GetProperty("fencing_token").GetInt64(), token + 1, 1L << 53);
            token = lease.GetProperty("fencing_token").GetInt64();
        }

        JsonElement all = klock.Do("list_leases");
        Assert.Equal(ids, all.EnumerateArray().Select(lease => lease.GetProperty("id").GetString()!).ToHashSet());
        Assert.All(all.EnumerateArray(), lease => Assert.Equal("Active", lease.GetProperty("state").GetString()));
    }

    [Fact]
    public void The_ids_of_the_shipped_library_are_32_lowercase_hex_digits_and_never_repeat()
    {
        using var klock = new OpenKlock(KlockLibrary.Product);
        string[] ids = [.. Enumerable.Range(0, Grants)
            .Select(i => klock.Do("acquire", OpenKlock.AcquireJson($"/{i}")).GetProperty("lease_id").GetString()!)];
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id));
        Assert.Equal(Grants, ids.Distinct(StringComparer.Ordinal).Count());
    }
}
