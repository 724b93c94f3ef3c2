using System.Text.RegularExpressions;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Docs;

/// <summary>What the pages show for a shell is run as a reader would type it, and what docs/cli.md lists is what there is.</summary>
public sealed class DocumentTests
{
    private static readonly string _page = File.ReadAllText(Repo.At("docs", "cli.md"));

    [Theory]
    [InlineData("cli.md", "1")]
    [InlineData("getting-started.md", "2")]
    public void Every_block_runs(string page, string counter)
    {
        string text = File.ReadAllText(Repo.At("docs", page));
        string[] blocks =
        [
            .. Regex.Matches(text, "^```sh\n(?<text>.*?)^```", Options, TimeSpan.FromSeconds(1)).Select(block =>
                block.Groups["text"].Value),
        ];
        Assert.True(blocks.Length > 2);
        using var place = Place.InGit();
        using Running bash = place.StartOther("bash", "-e", "-o", "pipefail", "-c", string.Join('\n', blocks));
        Ran ran = bash.End();
        // A refusal is shown on purpose.
        bool isQuiet = ran.Error.Split('\n').All(line => line.Length == 0 || line.StartsWith("klock: DIE: ", StringComparison.Ordinal));
        Assert.True(ran.Code == 0 && isQuiet, ran.Error + ran.Out);
        Assert.Equal(counter, File.ReadAllText(place.At("counter")).Trim());
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
