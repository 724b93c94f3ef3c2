using System.Globalization;
using Klock.Build.Making;
using Klock.Build.Running;
using Klock.Build.Setup;

namespace Klock.Build;

/// <summary>
/// <c>fuzz</c>: has afl++ invent scripts of requests, guided by what code they reach, and reports each that breaks a rule.
/// </summary>
internal static class FuzzCommand
{
    private const string Project = "Klock.Fuzz";
    private const int UsualSeconds = 600;

    // What is instrumented, so that the fuzzer sees which of its branches an input takes.
    private static readonly string[] _instrumented = ["Klock.Kernel.dll", "Klock.Coordinator.dll"];

    private static readonly string _programs = Repo.At("artifacts", "fuzz", "bin");
    private static readonly string _findings = Repo.At("artifacts", "fuzz", "findings");

    /// <param name="arguments">How many seconds it lasts; ten minutes if it is left out.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>0 when no input broke a rule or hung.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancel)
    {
        int seconds = Duration.ParseSeconds("fuzz", arguments.FirstOrDefault(), UsualSeconds);
        if (await TestPackages.EnsureAsync([TestPackage.Fuzzer], cancel) is [TestPackage missing, ..])
        {
            throw new BuildFailure($"'fuzz' needs {missing.Name}.", BuildFailure.NotRight);
        }

        await BuildInstrumentedAsync(cancel);
        if (Directory.Exists(_findings))
        {
            Directory.Delete(_findings, recursive: true);
        }

        int failed = await Fuzzer(seconds).RunAttachedAsync(cancel);
        return failed != 0 ? failed : await ReportAsync(cancel);
    }

    private static async Task BuildInstrumentedAsync(CancellationToken cancel)
    {
        string project = Repo.At("tests", Project, Project + ".csproj");
        await Step.RunAsync("fuzz", cancel, Dotnet.Restore(project), Dotnet.Build(project), new Child("dotnet", "tool", "restore"));
        Directory.CreateDirectory(_programs);
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(Repo.TestProgram(Project))!))
        {
            File.Copy(file, Path.Combine(_programs, Path.GetFileName(file)), overwrite: true);
        }

        Child[] steps = [.. _instrumented.Select(name => new Child("dotnet", "sharpfuzz", Path.Combine(_programs, name)))];
        await Step.RunAsync("instrument", cancel, steps);
    }

    // A .NET program has no instrumentation that afl-fuzz could see in the file, and starts slowly; its core dumps go nowhere.
    private static Child Fuzzer(int seconds) => new(
        "afl-fuzz",
        "-i", Repo.At("tests", Project, "corpus"), "-o", _findings, "-x", Repo.At("tests", Project, "dictionary"),
        "-t", "10000", "-m", "none", "-V", seconds.ToString(CultureInfo.InvariantCulture),
        "--", Path.Combine(_programs, Project), "afl")
    {
        Environment =
        {
            ["AFL_SKIP_BIN_CHECK"] = "1",
            ["AFL_SKIP_CPUFREQ"] = "1",
            ["AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES"] = "1",
        },
    };

    private static async Task<int> ReportAsync(CancellationToken cancel)
    {
        string[] crashes = Found("crashes");
        string[] hangs = Found("hangs");
        Console.WriteLine($"{Found("queue").Length} inputs in the queue, {crashes.Length} broke a rule, {hangs.Length} hung");
        if (crashes.Length > 0)
        {
            await new Child(Repo.TestProgram(Project), crashes).RunAttachedAsync(cancel);
        }

        Array.ForEach(hangs, Console.WriteLine);
        return crashes.Length + hangs.Length > 0 ? 1 : 0;
    }

    private static string[] Found(string kind)
    {
        string folder = Path.Combine(_findings, "default", kind);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "id:*") : [];
    }
}
