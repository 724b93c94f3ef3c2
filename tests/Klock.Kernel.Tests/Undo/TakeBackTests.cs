using System.Globalization;
using Klock.Kernel.Undo;
using Xunit;

namespace Klock.Kernel.Tests.Undo;

/// <summary>
/// Commands that are taken back leave nothing. KLOCK_SOAK_SECONDS makes the random runs last so long, on seeds that no test has seen;
/// KLOCK_UNDO_SEED runs one seed.
/// </summary>
public sealed class TakeBackTests(ITestOutputHelper output)
{
    private const int BatchesOfOne = 400;
    private const int Seeds = 250;

    [Fact]
    public void Half_of_all_batches_taken_back_is_as_if_they_had_never_run()
    {
        if (Number("KLOCK_UNDO_SEED") is { } only)
        {
            Batches.Run(only, BatchesOfOne, new long[Enum.GetValues<ChangeKind>().Length]);
            return;
        }

        long[] reached = new long[Enum.GetValues<ChangeKind>().Length];
        long start = TimeProvider.System.GetTimestamp();
        int? seconds = Number("KLOCK_SOAK_SECONDS");
        int first = seconds is null ? 1 : (int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000) * 1_000;
        int seed = first;
        for (; seconds is { } limit ? TimeProvider.System.GetElapsedTime(start).TotalSeconds < limit : seed - first < Seeds; seed++)
        {
            Batches.Run(seed, BatchesOfOne, reached);
        }

        output.WriteLine($"{(seed - first) * (long)BatchesOfOne} batches of {seed - first} seeds, from {first} on");
        ChangeKind[] rare = [.. Enum.GetValues<ChangeKind>().Where(kind => reached[(int)kind] < 50 && kind != ChangeKind.AgentRemoved)];
        foreach (ChangeKind kind in Enum.GetValues<ChangeKind>())
        {
            output.WriteLine($"{kind}: {reached[(int)kind]}");
        }

        Assert.True(rare.Length == 0, $"too rare: {string.Join(", ", rare)}");
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : null;
}
