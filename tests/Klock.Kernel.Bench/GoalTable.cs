using System.Globalization;

namespace Klock.Kernel.Bench;

/// <summary>What was aimed at beside what was measured, as the Markdown table of docs/benchmarks.md.</summary>
internal sealed class GoalTable(Measured measured)
{
    private const double PerLeaseGoal = 300;

    public void Write(TextWriter output)
    {
        output.WriteLine($"\n{measured.Machine}\n");
        output.WriteLine("| what | measured | goal | |");
        output.WriteLine("|---|---:|---:|---|");
        Row(output, "compatibility look-up of two predicates", One(nameof(LookUpBenchmarks.LookUp)), 0.6, "ns");
        double? small = One(nameof(CheckBenchmarks.Check), CheckBenchmarks.Fewest);
        foreach (int held in CheckBenchmarks.Sizes)
        {
            Row(output, $"check of a parsed resource, {Count(held)} leases on others", One(nameof(CheckBenchmarks.Check), held), 50, "ns");
        }

        Row(output, "the same beside a subtree, 1,000,000 leases",
            One(nameof(CheckBenchmarks.CheckBesideSubtree), CheckBenchmarks.Most), null, "ns");
        double? large = One(nameof(CheckBenchmarks.Check), CheckBenchmarks.Most);
        Row(output, "growth of the check from 10 to 1,000,000", large / small, 1.3, "times");
        Row(output, "check of a resource with 1,000 readers", One(nameof(ReadersBenchmarks.CheckAmongReaders)), 50, "ns");
        Row(output, "parsing and normalising a path of four parts", One(nameof(PathBenchmarks.Parse)), 150, "ns");
        Row(output, "Wait-Die decision against one holder", One(nameof(WaitDieBenchmarks.Decide)), null, "ns");
        Row(output, "typed acquire + release, nothing held", One(nameof(AcquireReleaseBenchmarks.AcquireAndRelease), 0), 300, "ns");
        Row(output, "typed acquire + release, 1,000,000 held",
            One(nameof(AcquireReleaseBenchmarks.AcquireAndRelease), AcquireReleaseBenchmarks.Most), 600, "ns");
        Row(output, "garbage of that pair", measured.Allocated(nameof(AcquireReleaseBenchmarks.AcquireAndRelease), 0), null, "bytes");
        Row(output, "the same pair through JSON", One(nameof(JsonBenchmarks.AcquireAndReleaseJson)), 2_000, "ns");
        double? pair = One(nameof(TentativeBenchmarks.Pair), 0);
        Row(output, "the pair when it can be taken back, and is kept", One(nameof(TentativeBenchmarks.PairKept), 0) / pair, 1.15, "times");
        Row(output, "the same, sixteen at once", One(nameof(TentativeBenchmarks.PairsKept), 0) / pair, 1.15, "times");
        Row(output, "16 grants decided and taken back, 100,000 held",
            One(nameof(TentativeBenchmarks.GrantsTakenBack), TentativeBenchmarks.Most) / 1_000, null, "µs");
        Row(output, "evicting 1,000 of 1,000,000", One(nameof(EvictBenchmarks.Evict)) / 1_000, 100, "µs");
        foreach (int waiting in HotNameBenchmarks.Sizes)
        {
            HotName(output, "release, grant, one joins the queue", nameof(HotNameBenchmarks.ReleaseAndGrantInQueue), waiting, 20);
            HotName(output, "release, grant, ask again and be parked", nameof(HotNameBenchmarks.ReleaseGrantAndAskAgain), waiting, 20);
            HotName(output, "join the queue and leave it", nameof(HotNameBenchmarks.JoinAndLeaveQueue), waiting, 20);
            HotName(output, "be refused, 16 conflicts listed", nameof(HotNameBenchmarks.Refuse), waiting, 20);
            HotName(output, "a keep-alive of the process of all of them", nameof(HotNameBenchmarks.KeepAlive), waiting, 1);
        }

        Row(output, "memory of a lease beyond its strings", MemoryPerLease.Measure(), PerLeaseGoal, "bytes");
    }

    private void HotName(TextWriter output, string what, string benchmark, int waiting, double goal) =>
        Row(output, $"{Count(waiting)} wait for one name: {what}", One(benchmark, waiting) / 1_000, goal, "µs");

    private double? One(string benchmark, object? parameter = null) => measured.Nanoseconds(benchmark, parameter);

    private static void Row(TextWriter output, string what, double? value, double? goal, string unit)
    {
        if (value is { } number)
        {
            string met = goal is null ? "" : number <= goal ? "met" : "**missed**";
            output.WriteLine($"| {what} | {Number(number)} {unit} | {(goal is { } most ? $"≤ {Number(most)} {unit}" : "")} | {met} |");
        }
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);
}
