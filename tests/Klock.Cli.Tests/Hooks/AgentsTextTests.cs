using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Hooks;

/// <summary><c>klock install agents-md</c>: a text between two marks, and every other byte of the file as it was.</summary>
public sealed class AgentsTextTests : IDisposable
{
    private const string Begin = "<!-- klock install agents-md: begin -->";
    private const string End = "<!-- klock install agents-md: end -->";

    private readonly Place _place = Place.InGit();

    private string Path => _place.At("AGENTS.md");

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("# Mine\n")]
    [InlineData("# Mine")]
    [InlineData("# Mine\r\n\r\nText\r\n")]
    [InlineData("no end\r\nhere")]
    [InlineData("\n")]
    [InlineData("\u00e9 \ud83d\ude00 \u0000\n\n\n")]
    public void EveryOtherByteStays(string text)
    {
        byte[] before = [0xef, 0xbb, 0xbf, 0xff, .. System.Text.Encoding.UTF8.GetBytes(text)];
        File.WriteAllBytes(Path, before);
        _place.Klock("install", "agents-md").Well();
        byte[] after = File.ReadAllBytes(Path);
        Assert.True(after.AsSpan().StartsWith(before));
        string added = System.Text.Encoding.Latin1.GetString(after.AsSpan(before.Length));
        Assert.Contains(Begin, added, StringComparison.Ordinal);
        Assert.Contains("Klock: FILE is in use by", added, StringComparison.Ordinal);
        Assert.Equal(text.Contains('\r', StringComparison.Ordinal) ? added.Count(c => c == '\n') : 0, added.Count(c => c == '\r'));

        Assert.Contains("unchanged", _place.Klock("install", "agents-md").Well().Out, StringComparison.Ordinal);
        Assert.Equal(after, File.ReadAllBytes(Path));

        _place.Klock("install", "agents-md", "--remove").Well();
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Contains("unchanged", _place.Klock("install", "agents-md", "--remove").Well().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsMadeShownAndRemoved()
    {
        Assert.Contains("would be made", _place.Klock("install", "agents-md", "--print").Well().Out, StringComparison.Ordinal);
        Assert.False(File.Exists(Path));
        _place.Klock("install", "agents-md").Well();
        Assert.StartsWith(Begin, File.ReadAllText(Path), StringComparison.Ordinal);
        _place.Klock("install", "agents-md", "--remove").Well();
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void AnOlderTextGivesWayInItsPlace()
    {
        File.WriteAllText(Path, $"above\n\n{Begin}\nold\n{End}\n\nbelow\n");
        _place.Klock("install", "agents-md").Well();
        string after = File.ReadAllText(Path);
        Assert.StartsWith($"above\n\n{Begin}\n## ", after, StringComparison.Ordinal);
        Assert.EndsWith($"\n{End}\n\nbelow\n", after, StringComparison.Ordinal);
        Assert.DoesNotContain("old", after, StringComparison.Ordinal);
        _place.Klock("install", "agents-md", "--remove").Well();
        Assert.Equal("above\n\nbelow\n", File.ReadAllText(Path));
    }

    [Theory]
    [InlineData(Begin)]
    [InlineData(End)]
    [InlineData($"{End}\n{Begin}")]
    [InlineData($"{Begin}\n{End}\n{Begin}\n{End}")]
    public void MarksThatDoNotMatchAreAnErrorAndNothingIsChanged(string before)
    {
        File.WriteAllText(Path, before);
        Assert.Contains("AGENTS.md", _place.Klock("install", "agents-md").Failed(2), StringComparison.Ordinal);
        Assert.Contains("AGENTS.md", _place.Klock("install", "agents-md", "--remove").Failed(2), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path));
    }

    [Fact]
    public void AHomeHasNone()
    {
        Assert.Contains("--user", _place.Klock("install", "agents-md", "--user").Failed(2), StringComparison.Ordinal);
        Assert.False(File.Exists(System.IO.Path.Combine(_place.Home, "AGENTS.md")));
    }
}
