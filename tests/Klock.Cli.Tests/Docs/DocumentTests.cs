using System.Text.RegularExpressions;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Docs;

/// <summary>What the pages show for a shell is run as a reader would type it, and what docs/cli.md lists is what there is.</summary>
public sealed class DocumentTests
{
    private static readonly string _page = File.ReadAllText(Repo.At("docs", "cli.md"));

    // Another test runs their blocks, and looks at what they leave.
    private static readonly string[] _elsewhere =
        ["docs/backup.md", "docs/cli.md", "docs/from-the-original.md", "docs/getting-started.md"];

    /// <summary>All other pages with something to type.</summary>
    public static TheoryData<string> Pages =>
    [
        .. Directory.GetFiles(Repo.At("docs"), "*.md", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("\n```sh\n", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Repo.At(), file)).Except(_elsewhere).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_has_one_type_runs(string page)
    {
        using var place = Place.InGit();
        RunBlocks(page, place);
    }

    [Theory]
    [InlineData("docs/cli.md", "1")]
    [InlineData("docs/getting-started.md", "2")]
    public void Every_block_runs(string page, string counter)
    {
        using var place = Place.InGit();
        RunBlocks(page, place);
        Assert.Equal(counter, File.ReadAllText(place.At("counter")).Trim());
    }

    [Fact]
    public void The_block_of_the_README_runs()
    {
        using var place = Place.InGit();
        File.WriteAllText(place.At("edit.sh"), "#!/bin/sh\ntest -n \"$KLOCK_LEASE_IDS\" && echo edited > edited\n");
        using Running chmod = place.StartOther("chmod", "+x", "edit.sh");
        Assert.Equal(0, chmod.End().Code);
        RunBlocks("README.md", place);
        Assert.Equal("edited\n", File.ReadAllText(place.At("edited")));
    }

    [Fact]
    public void A_backup_is_made_and_restored_as_the_page_says()
    {
        using var place = Place.InGit();
        RunBlocks("docs/backup.md", place);
        string leases = File.ReadAllText(place.At("leases.txt"));
        Assert.Contains("src/auth.ts", leases, StringComparison.Ordinal);
        Assert.DoesNotContain("src/new.ts", leases, StringComparison.Ordinal);
        Assert.Contains("RESUMED", File.ReadAllText(place.At("events.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_original_is_left_as_the_page_says()
    {
        using var place = Place.InGit();
        Directory.CreateDirectory(place.At("old"));
        const string Make = """
            import sqlite3, time
            old = sqlite3.connect("old/klock.db")
            old.executescript("CREATE TABLE agents (agent_id TEXT, priority INTEGER); CREATE TABLE leases (id TEXT, agent_id TEXT,"
                " session_id TEXT, resource_type TEXT, resource_path TEXT, predicate TEXT, state TEXT, expires_at INTEGER)")
            old.execute("INSERT INTO agents VALUES ('me', 5)")
            old.execute("INSERT INTO leases VALUES ('1', 'me', 's', 'FILE', 'src/auth.ts', 'MUTATES', 'Active', ?)",
                [int(time.time() + 600) * 1000])
            old.commit()
            """;
        using Running python = place.StartOther("python3", "-c", Make);
        python.End().Well();
        RunBlocks("docs/from-the-original.md", place);
        Assert.Contains("FILE:src/auth.ts\tMUTATES\tme\ts\t", place.Klock("leases").Well().Out, StringComparison.Ordinal);
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

    private static void RunBlocks(string page, Place place)
    {
        string text = File.ReadAllText(Repo.At(page));
        string[] blocks =
        [
            .. Regex.Matches(text, "^```sh\n(?<text>.*?)^```", Options, TimeSpan.FromSeconds(1)).Select(block =>
                block.Groups["text"].Value),
        ];
        Assert.NotEmpty(blocks);
        using Running bash = place.StartOther("bash", "-e", "-o", "pipefail", "-c", string.Join('\n', blocks));
        Ran ran = bash.End();
        // A refusal is shown on purpose.
        bool isQuiet = ran.Error.Split('\n').All(line => line.Length == 0 || line.StartsWith("klock: DIE: ", StringComparison.Ordinal));
        Assert.True(ran.Code == 0 && isQuiet, ran.Error + ran.Out);
    }

    private const RegexOptions Options = RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture;

    private static string[] Numbers(MatchCollection rows) =>
        [.. rows.SelectMany(row => row.Groups["numbers"].Value.Split(',', StringSplitOptions.TrimEntries))];
}
