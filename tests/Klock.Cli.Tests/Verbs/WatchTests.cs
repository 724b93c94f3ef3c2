using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>klock watch has the screen for itself, and leaves the terminal as it found it, whatever ends it.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public WatchTests() => Terminal.Prepare(_place);

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Holders_come_first_and_keys_scroll()
    {
        using var terminal = new Terminal(_place, 80, 24);
        terminal.Run("echo before");
        terminal.Type("klock watch --interval 50ms");
        terminal.Until(screen => screen.StartsWith("klock watch", StringComparison.Ordinal), "it shows");
        Assert.True(terminal.IsOtherScreen);
        string[] many = [.. Enumerable.Range(0, 40).SelectMany(i => (string[])["--file", $"f{i}"])];
        _place.Klock(["acquire", .. many, "--agent", "many", "--ttl", "1h"]).Well();
        string first = terminal.Until(screen => screen.Contains("Leases (40)", StringComparison.Ordinal), "it sees them");
        Assert.DoesNotContain("Events", first, StringComparison.Ordinal);
        Assert.Contains("FILE:f0 ", first, StringComparison.Ordinal);
        Assert.Contains("\u001b[33mMUTATES", terminal.ColouredScreen, StringComparison.Ordinal);
        terminal.Press("Down");
        terminal.Press("Down");
        terminal.Press("Down");
        terminal.Until(screen => !screen.Contains("FILE:f0 ", StringComparison.Ordinal), "it scrolls");
        terminal.Press("G");
        terminal.Until(screen => screen.Contains("GRANTED", StringComparison.Ordinal), "its end is reached");
        terminal.Press("g");
        terminal.Until(screen => screen.Contains("Leases (40)", StringComparison.Ordinal), "its start is reached");
        // Several keys at once, as over a slow network.
        terminal.Press("Down", "Down", "j", "PageDown");
        terminal.Until(screen => !screen.Contains("Leases (40)", StringComparison.Ordinal), "it takes them all");
        terminal.Press("g");
        terminal.Resize(100, 60);
        terminal.Until(screen => screen.Contains("Events", StringComparison.Ordinal), "it takes the room it gets");
        terminal.Press("q");
        string after = terminal.Until(screen => !screen.Contains("Leases", StringComparison.Ordinal), "the screen is as it was");
        Assert.Contains("before", after, StringComparison.Ordinal);
        Assert.False(terminal.IsOtherScreen);
    }

    [Theory]
    [InlineData("q", 0, "0")]
    [InlineData("C-c", 0, "130")]
    [InlineData(null, 15, "143")]
    [InlineData(null, 1, "129")]
    [InlineData(null, 3, "131")]
    public void Whatever_ends_it_the_terminal_is_as_it_was(string? key, int signal, string code)
    {
        using Terminal terminal = Watched();
        if (key is not null)
        {
            terminal.Press(key);
        }
        else
        {
            Running.Signal(terminal.ProcessOf("klock"), signal);
        }

        terminal.Until(screen => screen.Contains("ended-" + code, StringComparison.Ordinal)
            && screen.Contains("\nthe-same", StringComparison.Ordinal), "the terminal is as it was");
        Assert.False(terminal.IsOtherScreen);
        Assert.True(terminal.HasCursor);
    }

    [Fact]
    public void An_error_ends_it_and_the_terminal_is_as_it_was()
    {
        using Terminal terminal = Watched();
        string store = _place.At(".git", "klock", "klock.db");
        File.Move(store, store + ".away");
        File.WriteAllText(store, "something else");
        string screen = terminal.Until(shown => shown.Contains("ended-4", StringComparison.Ordinal)
            && shown.Contains("\nthe-same", StringComparison.Ordinal), "the terminal is as it was");
        Assert.Contains("klock: ", screen, StringComparison.Ordinal);
        Assert.False(terminal.IsOtherScreen);
    }

    [Fact]
    public void Ctrl_Z_gives_the_terminal_back_until_fg()
    {
        using var terminal = new Terminal(_place, 80, 24);
        terminal.Run("stty -g > before; set -m");
        terminal.Type("klock watch --interval 50ms");
        terminal.Until(screen => screen.StartsWith("klock watch", StringComparison.Ordinal), "it shows");
        terminal.Press("C-z");
        terminal.Until(screen => screen.Contains("Stopped", StringComparison.OrdinalIgnoreCase), "it has stopped");
        Assert.False(terminal.IsOtherScreen);
        Assert.Contains("the-same", terminal.Run("stty -g > after; cmp before after && echo the-same"), StringComparison.Ordinal);
        terminal.Type("fg");
        terminal.Until(screen => screen.StartsWith("klock watch", StringComparison.Ordinal), "it goes on");
        Assert.True(terminal.IsOtherScreen);
        terminal.Press("q");
        terminal.Until(screen => !screen.StartsWith("klock watch", StringComparison.Ordinal), "it ends");
    }

    [Fact]
    public void A_key_is_heard_while_the_server_does_not_answer()
    {
        using var server = new Server(_place, "--storage", "memory");
        using var terminal = new Terminal(_place, 80, 24);
        terminal.Type($"klock watch --interval 50ms --server {server.Url}; echo ended-$?");
        terminal.Until(screen => screen.StartsWith("klock watch", StringComparison.Ordinal), "it shows");
        server.Process.Signal(19);
        Thread.Sleep(200);
        long start = TimeProvider.System.GetTimestamp();
        terminal.Press("q");
        terminal.Until(screen => screen.Contains("ended-0", StringComparison.Ordinal), "it ends");
        // The server is given up after 10 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 8);
        server.Process.Signal(18);
    }

    [Fact]
    public void A_server_that_is_gone_is_told_in_the_first_line_until_it_is_there_again()
    {
        using var terminal = new Terminal(_place, 100, 24);
        int port;
        using (var server = new Server(_place, "--storage", "memory"))
        {
            port = server.Port;
            _place.Klock("acquire", "--file", "a.ts", "--server", server.Url).Well();
            terminal.Type($"klock watch --interval 50ms --server {server.Url}");
            terminal.Until(screen => screen.Contains("FILE:a.ts", StringComparison.Ordinal), "it shows");
        }

        string gone = terminal.Until(screen => screen.Contains("cannot be reached", StringComparison.Ordinal), "it is gone");
        Assert.Contains("FILE:a.ts", gone, StringComparison.Ordinal);
        using var again = new Server(_place, port, "--storage", "memory");
        terminal.Until(screen => screen.Contains("Leases (0)", StringComparison.Ordinal), "it is there again");
        terminal.Press("q");
    }

    [Fact]
    public void A_terminal_that_can_only_write_lines_gets_lines()
    {
        _place.Klock("acquire", "--file", "a.ts").Well();
        using var terminal = new Terminal(_place, 100, 24);
        terminal.Type("clear; TERM=dumb klock watch --interval 50ms");
        terminal.Until(screen => screen.Contains("FILE:a.ts", StringComparison.Ordinal), "it shows");
        Assert.False(terminal.IsOtherScreen);
        terminal.Press("C-c");
    }

    // Once it has ended, its exit code is on the screen, and whether the terminal is set as before.
    private Terminal Watched()
    {
        var terminal = new Terminal(_place, 80, 24);
        terminal.Run("stty -g > before");
        terminal.Type("klock watch --interval 50ms; echo ended-$?; stty -g > after; cmp before after && echo the-same");
        terminal.Until(screen => screen.StartsWith("klock watch", StringComparison.Ordinal), "it shows");
        return terminal;
    }
}
