using System.Text.Json;
using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>Many threads on few resources: no two leases that conflict are ever held at the same moment.</summary>
public sealed class OverlapTests
{
    private const int ThreadCount = 16;
    private const int Writing = 1 << 16;

    // What a lease covers, as cells of the witness: a subtree covers its files, a symbol lies in its file.
    private static readonly (string Type, string Path, int[] Cells)[] Resources =
        [("FILE", "/d/a", [0]), ("FILE", "/d/b", [1]), ("FILE", "/d/**", [0, 1]), ("SYMBOL", "/d/a#f", [0])];

    // In each cell the readers at this moment, plus Writing for each writer.
    private readonly int[] _witness = new int[2];
    private int _overlaps;
    private int _refusals;

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 25)]
    public async Task Sixteen_threads_never_see_a_conflicting_lease_beside_their_own(bool onFile, int grantsEach)
    {
        using var folder = new TempFolder();
        using var klock = new OpenKlock(
            KlockLibrary.Product, onFile ? $$"""{"storage":"sqlite:{{folder.At("klock.db")}}?synchronous=normal"}""" : null);
        await Threads.Start(ThreadCount, number => Hammer(klock, number, grantsEach));
        Assert.Equal(0, _overlaps);
        Assert.NotEqual(0, _refusals);
        Assert.Equal(0, klock.Do("list_leases").GetArrayLength());
    }

    private void Hammer(OpenKlock klock, int number, int grants)
    {
        var random = new Random(number);
        while (grants > 0)
        {
            (string type, string path, int[] cells) = Resources[random.Next(Resources.Length)];
            bool writes = random.Next(3) > 0;
            string answer = klock.Send("acquire", $$"""
                {"agent_id":"agent{{number}}","session_id":"s","resource_type":"{{type}}","resource_path":"{{path}}",
                "predicate":"{{(writes ? "MUTATES" : "CONSUMES")}}","ttl":3600000}
                """);
            JsonElement root = JsonDocument.Parse(answer).RootElement;
            if (root.GetProperty("success").GetBoolean())
            {
                Hold(cells, writes);
                klock.Do("release", $$"""{"lease_id":"{{root.GetProperty("data").GetProperty("lease_id").GetString()}}"}""");
                grants--;
            }
            else
            {
                Assert.Contains(root.GetProperty("reason").GetString(), new[] { "WAIT", "DIE" });
                Interlocked.Increment(ref _refusals);
                Thread.Yield();
            }
        }
    }

    // Whoever of two overlapping holders comes second sees the first.
    private void Hold(int[] cells, bool writes)
    {
        int mine = writes ? Writing : 1;
        foreach (int cell in cells)
        {
            int seen = Interlocked.Add(ref _witness[cell], mine);
            if (writes ? seen != Writing : seen >= Writing)
            {
                Interlocked.Increment(ref _overlaps);
            }
        }

        Thread.Yield();
        foreach (int cell in cells)
        {
            Interlocked.Add(ref _witness[cell], -mine);
        }
    }
}
