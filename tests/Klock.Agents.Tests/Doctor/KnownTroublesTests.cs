using Klock.Agents.Doctor;

namespace Klock.Agents.Tests.Doctor;

/// <summary>What is known of a version is told of that version, and of no other.</summary>
public sealed class KnownTroublesTests
{
    [Theory]
    [InlineData("qwen", "0.15.10", "0.24.4")]
    [InlineData("qwen", "0.9.2", "0.24.4")]
    [InlineData("codex", "codex-cli 0.171.0", "lets the edit through")]
    [InlineData("cline", "3.0.65", "lets the edit through")]
    public void ItIsTold(string client, string version, string told) =>
        Assert.Contains(KnownTroubles.Of(client, version), sentence => sentence.Contains(told, StringComparison.Ordinal));

    [Theory]
    [InlineData("qwen", "0.24.4", "0.24.4")]
    [InlineData("qwen", "1.15.10", "0.24.4")]
    [InlineData("pi", "0.73.1", "")]
    [InlineData("qwen", null, "")]
    [InlineData("qwen", "nonsense", "")]
    [InlineData("qwen", "99999999999.1.1", "")]
    public void ItIsNotTold(string client, string? version, string told) =>
        Assert.DoesNotContain(KnownTroubles.Of(client, version), sentence => sentence.Contains(told, StringComparison.Ordinal));
}
