using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>What a person sees, on terminals of several sizes and kinds.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public TerminalTests() => Terminal.Prepare(_place);

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void A_list_has_one_line_a_row_and_fits(int columns)
    {
        const string Path = "src/deep/down/in/the/tree/where/names/are/long/and/tell/much/authentication.ts";
        const string Note = "a note that has many words in it, as notes do";
        _place.Klock("acquire", "--file", Path, "--agent", "an-agent-with-a-name", "--note", Note).Well();
        _place.Klock("acquire", "--read", "b.ts", "--agent", "\u6F22\u5B57\u6F22\u5B57").Well();
        using var terminal = new Terminal(_place, columns, 30);
        string[] lines = terminal.Run("klock leases").Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("LEASE", lines[0], StringComparison.Ordinal);
        Assert.Contains("MUTATES", lines[1], StringComparison.Ordinal);
        Assert.Contains("CONSUMES", lines[2], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(line.Length <= columns, line));
        Assert.Equal(columns >= 200, lines[1].Contains(Path, StringComparison.Ordinal));
        Assert.True(terminal.Run("klock events").Split('\n').All(line => line.Length <= columns));
    }

    [Fact]
    public void Colours_are_for_terminals_that_have_them_and_people_who_want_them()
    {
        _place.Klock("acquire", "--file", "a.ts", "--note", "[red]not markup[/]").Well();
        using var terminal = new Terminal(_place, 120, 30);
        Assert.Contains("[red]not markup[/]", terminal.Run("klock leases"), StringComparison.Ordinal);
        Assert.Contains("\u001b[33mMUTATES", terminal.ColouredScreen, StringComparison.Ordinal);
        terminal.Run("NO_COLOR=1 klock leases");
        Assert.DoesNotContain("\u001b[33m", terminal.ColouredScreen, StringComparison.Ordinal);
        terminal.Run("TERM=dumb klock leases");
        Assert.DoesNotContain("\u001b", terminal.ColouredScreen, StringComparison.Ordinal);
        Assert.All(terminal.Run("COLUMNS=50 klock leases").Split('\n'), line => Assert.True(line.Length <= 50, line));
    }

    [Fact]
    public void Status_is_on_one_screen_however_much_there_is()
    {
        using var terminal = new Terminal(_place, 80, 24);
        Assert.Contains("Nobody holds anything", terminal.Run("klock status"), StringComparison.Ordinal);
        _place.Klock("acquire", "--file", "a.ts", "--agent", "holder").Well();
        string[] many = [.. Enumerable.Range(0, 40).SelectMany(i => (string[])["--file", $"f{i}"])];
        _place.Klock(["acquire", .. many, "--agent", "many"]).Well();
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "20s", "--agent", "waiter");
        Running.Until(() => _place.Klock("why", "a.ts").Out.Contains("waiting", StringComparison.Ordinal), "it waits");
        string screen = terminal.Run("klock status");
        Assert.True(screen.Split('\n').Length <= 23, screen);
        Assert.Contains("klock.db", screen, StringComparison.Ordinal);
        Assert.Contains("Leases (41)", screen, StringComparison.Ordinal);
        Assert.Contains("more: klock leases", screen, StringComparison.Ordinal);
        Assert.Contains("waiter", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_tells_for_whom_it_waits_too_and_line_by_line_where_nothing_can_be_written_over()
    {
        _place.Klock("acquire", "--file", "a.ts", "--agent", "holder", "--ttl", "1h").Well();
        using var terminal = new Terminal(_place, 120, 24);
        terminal.Type("clear; TERM=dumb klock acquire --file a.ts --wait 1h; echo ended-$?");
        string screen = terminal.Until(shown => shown.Contains("waiting for", StringComparison.Ordinal), "it tells");
        Assert.Matches("^klock: waiting for FILE:a.ts, held by holder for [0-9.]+s\\.", screen);
        _place.Klock("revoke", "a.ts").Well();
        terminal.Until(shown => shown.Contains("\nended-0", StringComparison.Ordinal), "it is granted");
    }

    [Fact]
    public void Who_waits_is_told_for_whom_since_when_and_why()
    {
        _place.Klock("acquire", "--file", "a.ts", "--agent", "holder", "--note", "refactoring", "--ttl", "1h").Well();
        using var terminal = new Terminal(_place, 120, 24);
        terminal.Type("clear; klock run --file a.ts --wait 1h -- echo done");
        string screen = terminal.Until(shown => shown.Contains("waiting for", StringComparison.Ordinal), "it tells");
        Assert.Matches("klock: waiting for FILE:a.ts, held by holder for [0-9.]+s \\(\"refactoring\"\\); [0-9.]+s of 1h00m", screen);
        _place.Klock("revoke", "a.ts").Well();
        screen = terminal.Until(shown => shown.StartsWith("done", StringComparison.Ordinal), "it runs");
        Assert.DoesNotContain("waiting for", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void What_ones_own_session_holds_is_not_in_ones_way()
    {
        _place.Environment["KLOCK_AGENT_ID"] = "me";
        _place.Environment["KLOCK_SESSION_ID"] = "mine";
        _place.Klock("acquire", "--read", "a.ts", "--priority", "1").Well();
        _place.Klock("acquire", "--read", "a.ts", "--agent", "other", "--session", "theirs").Well();
        using var terminal = new Terminal(_place, 120, 24);
        terminal.Type("clear; klock acquire --file a.ts --wait 1h");
        string screen = terminal.Until(shown => shown.Contains("waiting for", StringComparison.Ordinal), "it tells");
        Assert.Contains("held by other", screen, StringComparison.Ordinal);
        Assert.DoesNotContain(", and ", screen, StringComparison.Ordinal);
        terminal.Press("C-c");
    }

    [Fact]
    public void Release_asks_before_it_lets_go_what_may_be_anothers()
    {
        _place.Klock("acquire", "--file", "a.ts", "--agent", "somebody", "--note", "why").Well();
        using var terminal = new Terminal(_place, 100, 24);
        terminal.Type("clear; klock release a.ts");
        terminal.Until(screen => screen.Contains("somebody, \"why\"): release it? [y/N]", StringComparison.Ordinal), "it asks");
        terminal.Press("Enter");
        Assert.Single(_place.Klock("leases").Well().Rows);
        terminal.Type("clear; klock release a.ts");
        terminal.Until(screen => screen.Contains("[y/N]", StringComparison.Ordinal), "it asks");
        terminal.Type("y");
        Running.Until(() => _place.Klock("leases").Rows.Length == 0, "it is released");
    }

    [Fact]
    public void Release_alone_lets_go_all_of_ones_own()
    {
        _place.Environment["KLOCK_AGENT_ID"] = "me";
        _place.Environment["KLOCK_SESSION_ID"] = "mine";
        using var terminal = new Terminal(_place, 100, 24);
        _place.Klock("acquire", "--file", "a.ts").Well();
        Assert.Matches("released +1", terminal.Run("klock release"));
        _place.Klock("acquire", "--file", "a.ts", "--file", "b.ts").Well();
        _place.Klock("acquire", "--file", "c.ts", "--session", "other").Well();
        terminal.Type("clear; klock release");
        terminal.Until(screen => screen.Contains("release all 2 of me, session mine? [y/N]", StringComparison.Ordinal), "it asks");
        terminal.Type("y");
        Running.Until(() => _place.Klock("leases").Rows is [var only] && only[1] == "FILE:c.ts", "they are released");
    }
}
