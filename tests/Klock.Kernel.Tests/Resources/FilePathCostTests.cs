using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>A manifest may name 256 paths of 4 KiB each, so no spelling may cost much more than another of its length.</summary>
public sealed class FilePathCostTests
{
    private const int MostBytes = 4096;
    private const int Runs = 5;

    // Measured over equal lengths in one run; a cost that grows with the square of the length is hundreds of times the usual.
    private const int AtMostTimes = 40;

    [Theory]
    [InlineData("./", "./ ", "a")]
    [InlineData("./", " ./", "a")]
    [InlineData("./", " /", "a")]
    [InlineData("./", "./C:/../", "a")]
    [InlineData("./", "a/../", "a")]
    [InlineData("a", "/ ", "")]
    [InlineData("a", "/ /.", "")]
    public void No_spelling_costs_much_more_than_a_plain_one(string start, string repeated, string end)
    {
        string plain = Repeat("./", "ab/", "a");
        string wound = Repeat(start, repeated, end);
        Normalise(plain);
        Normalise(wound);
        TimeSpan usual = Enumerable.Range(0, Runs).Min(_ => Normalise(plain));
        TimeSpan needed = Enumerable.Range(0, Runs).Min(_ => Normalise(wound));
        Assert.True(needed < AtMostTimes * usual, $"{needed.TotalMicroseconds} µs, usual {usual.TotalMicroseconds} µs");
    }

    private static string Repeat(string start, string part, string end) =>
        start + string.Concat(Enumerable.Repeat(part, (MostBytes - start.Length - end.Length) / part.Length)) + end;

    private static TimeSpan Normalise(string path)
    {
        long start = TimeProvider.System.GetTimestamp();
        Assert.True(Resource.TryCreate(ResourceType.File, path, out _, out string? problem), problem);
        return TimeProvider.System.GetElapsedTime(start);
    }
}
