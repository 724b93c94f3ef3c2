using System.Globalization;
using Klock.Server.Tests.Support;

namespace Klock.Server.Tests.Life;

/// <summary>A server whose wall clock is wrong, as tests of many machines want it.</summary>
public sealed class ClockTests
{
    private const string Variable = "KLOCK_TEST_CLOCK_OFFSET_MS";

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    public async Task The_wall_clock_is_wrong_by_as_much_and_time_passes_as_ever(long offset)
    {
        await using ServerProcess server = await ServerProcess.StartAfterAsync(
            $"export {Variable}={offset.ToString(CultureInfo.InvariantCulture)}");
        using var api = new Api(server.Url);
        Reply granted = (await api.AcquireAsync("a", "f", ttl: 300)).Is(201);
        long expected = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + offset;
        Assert.InRange(granted.Data.GetProperty("acquired_at").GetInt64(), expected - 60_000, expected + 60_000);
        (await api.AcquireAsync("b", "f", waitMs: 30_000)).Is(201);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1h")]
    [InlineData("1.5")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    public async Task What_is_no_number_of_milliseconds_is_refused(string offset)
    {
        (int code, string output, string errors) = await ServerProcess.RunAsync([(Variable, offset)]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith($"klock serve: {Variable} is '{offset}': it must be a whole number", errors, StringComparison.Ordinal);
    }
}
