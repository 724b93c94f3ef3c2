using BenchmarkDotNet.Reports;

namespace Klock.Kernel.Bench;

/// <summary>The figures of a run, found by benchmark and parameter.</summary>
internal sealed class Measured(IReadOnlyCollection<Summary> summaries)
{
    /// <summary>What it ran on, in one line.</summary>
    public string Machine { get; } =
        $"{summaries.First().HostEnvironmentInfo.Cpu.Value?.ProcessorName ?? "unknown processor"}, {Environment.ProcessorCount} cores, "
        + System.Runtime.InteropServices.RuntimeInformation.OSDescription;

    /// <summary>The median time of one operation, in ns; null when it was not run.</summary>
    public double? Nanoseconds(string benchmark, object? parameter = null) => Find(benchmark, parameter)?.ResultStatistics?.Median;

    /// <summary>What one operation allocates, in bytes; null when it was not run.</summary>
    public long? Allocated(string benchmark, object? parameter = null) => Find(benchmark, parameter) is { } report
        ? report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)
        : null;

    private BenchmarkReport? Find(string benchmark, object? parameter) => summaries
        .SelectMany(summary => summary.Reports)
        .FirstOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == benchmark
            && (parameter is null || report.BenchmarkCase.Parameters.Items.Any(item => Equals(item.Value, parameter))));
}
