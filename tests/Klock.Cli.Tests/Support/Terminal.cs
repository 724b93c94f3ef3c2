using System.Globalization;
using System.Text.RegularExpressions;

namespace Klock.Cli.Tests.Support;

/// <summary>A real terminal (tmux) of a size that the test chooses, in which a shell runs where klock would.</summary>
internal sealed partial class Terminal : IDisposable
{
    private readonly Place _place;
    private readonly string _socket;
    private int _lines;

    public Terminal(Place place, int columns, int rows)
    {
        (_place, _socket) = (place, Path.Combine(place.Top, "tmux"));
        Tmux("-f", "/dev/null", "new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", "env", "PS1=$ ", "ENV=", "sh");
        Until(screen => screen.Contains('$', StringComparison.Ordinal), "the shell is there");
    }

    private static bool Exists { get; } = File.Exists("/usr/bin/tmux");

    /// <summary>What is on the screen: its lines without the white space at their ends.</summary>
    public string Screen => string.Join('\n', Tmux("capture-pane", "-p", "-t", ":0").Split('\n').Select(line => line.TrimEnd())).TrimEnd();

    /// <summary>The same with its colours.</summary>
    public string ColouredScreen => Tmux("capture-pane", "-p", "-e", "-t", ":0");

    /// <summary>Skips the test where there is no tmux, and lets klock take size and colours from the terminal.</summary>
    public static void Prepare(Place place)
    {
        Assert.SkipUnless(Exists, "tmux is not installed");
        place.Environment["COLUMNS"] = null;
        place.Environment["LINES"] = null;
        place.Environment["NO_COLOR"] = null;
    }

    /// <summary>Types a line.</summary>
    public void Type(string line)
    {
        Tmux("send-keys", "-l", "-t", ":0", line);
        Press("Enter");
    }

    /// <summary>Types a line and waits until the shell is ready for the next one.</summary>
    public string Run(string line)
    {
        string end = $"ended-{_lines++}";
        Type($"clear; {line}; echo {end}");
        string screen = Until(shown => EndOf(end).IsMatch(shown), line);
        return EndOf(end).Replace(screen, "").TrimEnd();
    }

    /// <summary>Whether a program shows on the terminal's other screen.</summary>
    public bool IsOtherScreen => Told("alternate_on") == "1";

    /// <summary>Whether there is a cursor to be seen.</summary>
    public bool HasCursor => Told("cursor_flag") == "1";

    /// <summary>Presses keys all at once, by tmux's names of them.</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", "-t", ":0", .. keys]);

    /// <summary>The process of that name which its shell has started.</summary>
    public int ProcessOf(string name)
    {
        string shell = Told("pane_pid");
        string[] children = File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(
            children.Single(child => File.ReadAllText($"/proc/{child}/comm").Trim() == name), CultureInfo.InvariantCulture);
    }

    public void Resize(int columns, int rows) => Tmux("resize-window", "-x", $"{columns}", "-y", $"{rows}", "-t", ":0");

    /// <summary>Waits until the screen is so, and returns it.</summary>
    public string Until(Func<string, bool> isSo, string what)
    {
        string screen = "";
        try
        {
            Running.Until(() => isSo(screen = Screen), what);
        }
        catch (Xunit.Sdk.XunitException late)
        {
            Assert.Fail($"{late.Message}\n{screen}");
        }

        return screen;
    }

    public void Dispose() => Tmux("kill-server");

    private static Regex EndOf(string end) => new($"^{end}$[^$]*\\$?\\s*", RegexOptions.Multiline, TimeSpan.FromSeconds(1));

    private string Told(string what) => Tmux("display-message", "-p", "-t", ":0", $"#{{{what}}}").Trim();

    private string Tmux(params string[] arguments)
    {
        using Running tmux = _place.StartOther("tmux", ["-S", _socket, .. arguments]);
        Ran ran = tmux.End();
        Assert.True(ran.Code == 0, $"tmux {string.Join(' ', arguments)}: {ran.Error}");
        return ran.Out;
    }
}
