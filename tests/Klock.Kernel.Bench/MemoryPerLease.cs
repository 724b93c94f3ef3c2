using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Bench;

/// <summary>What a lease keeps in memory beyond the resource that it was asked with.</summary>
internal static class MemoryPerLease
{
    private const int Leases = 100_000;

    /// <summary>Bytes a lease, with its share of every table it is in. Nothing is collected meanwhile but garbage.</summary>
    public static double Measure()
    {
        Resource[] files = [.. Enumerable.Range(0, Leases).Select(i => Table.File($"/held/{i / 100}/file{i}.ts"))];
        var table = new Table();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (Resource file in files)
        {
            table.Acquire("agent", file, Predicate.Mutates);
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(files);
        GC.KeepAlive(table);
        return (double)(after - before) / Leases;
    }
}
