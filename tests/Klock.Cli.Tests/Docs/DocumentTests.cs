using System.Text.RegularExpressions;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Docs;

/// <summary>What docs/cli.md shows is run as a reader would type it, and what it lists is what there is.</summary>
public sealed class DocumentTests
{
    private static readonly string _page = File.ReadAllText(Repo.At("docs", "cli.md"));

    [Fact]
    public void Every_block_runs()
    {
        string[] blocks =
        [
            .. Regex.Matches(_page, "^```sh\n(?<text>.*?)^```", Options, TimeSpan.FromSeconds(1)).Select(block =>
                block.Groups["text"].Value),
        ];
        Assert.True(blocks.Length > 5);
        using var place = Place.InGit();
        using Running bash = place.StartOther("bash", "-e", "-o", "pipefail", "-c", string.Join('\n', blocks));
        Ran ran = bash.End();
        Assert.True(ran is { Code: 0, Error: "" }, ran.Error + ran.Out);
        Assert.Equal("1", File.ReadAllText(place.At("counter")).Trim());
    }

    [Fact]
    public void Help_and_the_page_tell_the_same_exit_codes()
    {
        using var place = new Place();
        string help = place.Klock("--help").Well().Out;
        string listed = help[help.IndexOf("Exit codes", StringComparison.Ordinal)..];
        string[] inHelp = Numbers(Regex.Matches(listed, @"^  (?<numbers>\d[\d, +n]*?)  ", Options, TimeSpan.FromSeconds(1)));
        string[] onPage = Numbers(Regex.Matches(_page, @"^\| (?<numbers>\d[\d, +n]*?) \|", Options, TimeSpan.FromSeconds(1)));
        Assert.Contains("13", inHelp);
        Assert.Equal(inHelp, onPage);
    }

    private const RegexOptions Options = RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture;

    private static string[] Numbers(MatchCollection rows) =>
        [.. rows.SelectMany(row => row.Groups["numbers"].Value.Split(',', StringSplitOptions.TrimEntries))];
}
