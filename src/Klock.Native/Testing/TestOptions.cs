using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Native.Testing;

/// <summary>What <c>klock_test_open</c> reads besides the options of <c>klock_open</c>.</summary>
/// <param name="Seed">Decides the lease ids.</param>
/// <param name="NowMs">The first time of the clock, in ms since 1970.</param>
internal readonly record struct TestOptions(ulong Seed, long NowMs)
{
    /// <summary>Reads <c>{"seed":n,"now_ms":n}</c> from the options; both are needed.</summary>
    public static TestOptions Parse(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8);
        ulong? seed = null;
        long? nowMs = null;
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("seed"u8) && json.Read())
            {
                seed = json.GetUInt64();
            }
            else if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("now_ms"u8) && json.Read())
            {
                nowMs = json.GetInt64();
            }
        }

        return new TestOptions(seed ?? throw Missing("seed"), nowMs ?? throw Missing("now_ms"));
    }

    private static KlockException Missing(string field) =>
        new(ErrorCode.InvalidRequest, $"{field} is missing: the test flavour needs it as an integer.");
}
