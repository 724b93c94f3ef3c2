using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.NativeAot;
using Klock.Kernel.Bench;

// No version and no feed: the SDK's own compiler, from where everything else comes. BenchmarkDotNet would look for the newest one in
// a feed of nightly builds.
const string Usual = "";

IConfig config = ManualConfig.CreateEmpty()
    .AddJob(Job.Default
        .WithRuntime(NativeAotRuntime.Net10_0)
        .WithToolchain(NativeAotToolchain.CreateBuilder()
            .UseNuGet(Usual, Usual)
            .TargetFrameworkMoniker("net10.0")
            .DisplayName("NativeAOT 10.0")
            .ToToolchain())
        .WithGcConcurrent(false)
        .WithWarmupCount(3)
        .WithIterationCount(12))
    .AddColumnProvider(DefaultConfig.Instance.GetColumnProviders().ToArray())
    .AddExporter(MarkdownExporter.GitHub)
    .AddLogger(NullLogger.Instance)
    .WithBuildTimeout(TimeSpan.FromMinutes(15))
    .WithArtifactsPath(Path.Combine(Environment.CurrentDirectory, "artifacts", "bench"));

Console.WriteLine("The kernel, compiled ahead of time, by BenchmarkDotNet; this takes some minutes ...");
string[] chosen = args.Length > 0 ? args : ["--filter", "*"];
Summary[] summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(chosen, config)];
bool ran = summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success));
if (summaries.Length == 0 || !ran)
{
    Console.Error.WriteLine("A benchmark did not build or run; artifacts/bench has its log.");
    return 1;
}

new GoalTable(new Measured(summaries)).Write(Console.Out);
return 0;
