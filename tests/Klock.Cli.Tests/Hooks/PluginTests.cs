using System.Text.Json;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary><c>klock install CLIENT --plugin DIR</c>: a folder with the same hooks, for others to install.</summary>
public sealed class PluginTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("claude", ".claude-plugin/plugin.json", "PreToolUse", ".claude/settings.json")]
    [InlineData("gemini", "gemini-extension.json", "BeforeTool", ".gemini/settings.json")]
    public void ItHasAManifestAndTheHooksThatAreInstalled(string client, string manifest, string before, string settings)
    {
        string printed = _place.Klock("install", client, "--plugin", "made", "--print").Well().Out;
        Assert.Contains("would be made", printed, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.At("made")));
        _place.Klock("install", client, "--plugin", "made").Well();
        JsonElement about = Read("made", manifest);
        Assert.Equal("klock", about.GetProperty("name").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", about.GetProperty("version").GetString());

        // The very same, but for how klock is found: a plugin goes from machine to machine.
        _place.Klock("install", client).Well();
        JsonElement plugged = Read("made", "hooks/hooks.json").GetProperty("hooks"), installed = Read(settings).GetProperty("hooks");
        Assert.Equal(
            installed.EnumerateObject().Select(each => each.Name).Order(), plugged.EnumerateObject().Select(each => each.Name).Order());
        Assert.Contains($"\"klock hook {client} {before}\"", plugged.GetProperty(before).GetRawText(), StringComparison.Ordinal);

        Assert.DoesNotContain("changed: ", _place.Klock("install", client, "--plugin", "made").Well().Out.Replace(
            "unchanged: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void AMarketplaceOfOnePluginLeadsToIt()
    {
        _place.Klock("install", "claude", "--plugin", "made").Well();
        JsonElement only = Assert.Single(Read("made", ".claude-plugin/marketplace.json").GetProperty("plugins").EnumerateArray());
        Assert.Equal(("klock", "./"), (only.GetProperty("name").GetString(), only.GetProperty("source").GetString()));
    }

    [Theory]
    [InlineData("qwen", "--plugin", "made")]
    [InlineData("--plugin", "made")]
    [InlineData("claude", "gemini", "--plugin", "made")]
    [InlineData("claude", "--plugin", "made", "--user")]
    [InlineData("claude", "--plugin", "made", "--remove")]
    [InlineData("claude", "--plugin", "")]
    public void WhatDoesNotGoTogetherIsWrongUsage(params string[] words)
    {
        Assert.Contains("--plugin", _place.Klock(["install", .. words]).Failed(2), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.At("made")));
    }

    [Fact]
    public void SomebodyElsesPluginStays()
    {
        Directory.CreateDirectory(_place.At("made", "hooks"));
        File.WriteAllText(_place.At("made", "hooks", "hooks.json"), "{}");
        Assert.Contains("hooks.json", _place.Klock("install", "claude", "--plugin", "made").Failed(2), StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(_place.At("made", "hooks", "hooks.json")));
        Assert.Single(Directory.GetFileSystemEntries(_place.At("made")));
    }

    private JsonElement Read(params string[] parts)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(_place.At(parts)));
        return json.RootElement.Clone();
    }
}
