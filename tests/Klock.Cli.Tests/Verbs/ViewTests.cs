using System.Text.Json;
using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>events, why and watch.</summary>
public sealed class ViewTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_last_events_are_shown()
    {
        for (int i = 0; i < 3; i++)
        {
            _place.Klock("acquire", "--file", $"f{i}", "--agent", "a").Well();
        }

        string[][] rows = _place.Klock("events", "--last", "2").Well().Rows;
        Assert.Equal(["GRANTED FILE:f1", "GRANTED FILE:f2"], rows.Select(row => $"{row[2]} {row[4]}"));
        JsonElement all = _place.Klock("events", "--after", "0", "--json").Well().Json.GetProperty("data");
        Assert.Equal("CREATED", all[0].GetProperty("kind").GetString());
        Assert.Single(_place.Klock("events", "--after", rows[0][0]).Well().Rows);
        Assert.Equal(2, _place.Klock("events", "--last", "2", "--json").Well().Json.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public void Why_tells_of_what_meets_the_path_and_nothing_else()
    {
        _place.Klock("acquire", "--file", "src/a.ts", "--agent", "holder", "--note", "editing").Well();
        _place.Klock("acquire", "--file", "lib/b.ts", "--agent", "elsewhere").Well();
        using Running waiter = _place.Start("acquire", "--file", "src/**", "--agent", "waiter", "--priority", "1", "--wait", "20s");
        Running.Until(() => _place.Klock("why", "src/a.ts").Out.Contains("queued", StringComparison.Ordinal), "it waits");
        Ran why = _place.Klock("why", "src/a.ts").Well();
        Assert.Contains(why.Rows, row => row[0] == "leases" && row[4] == "holder");
        Assert.Contains(why.Rows, row => row[0] == "waiting" && row[1] == "queued" && row[4] == "waiter");
        Assert.Contains(why.Rows, row => row[0] == "events" && row[3] == "QUEUED");
        Assert.DoesNotContain("elsewhere", why.Out, StringComparison.Ordinal);
        JsonElement json = _place.Klock("why", "--json", "src/a.ts").Well().Json.GetProperty("data");
        Assert.Equal("FILE:src/a.ts", json.GetProperty("resource").GetString());
        Assert.Equal("waiter", json.GetProperty("waiters")[0].GetProperty("agent_id").GetString());
        Assert.Empty(_place.Klock("why", "deploy", "--type", "CUSTOM").Well().Out);
    }

    [Fact]
    public void Renewals_are_among_the_events_and_not_among_what_is_going_on()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        _place.Klock("renew", lease).Well();
        Assert.Contains(_place.Klock("events").Well().Rows, row => row[2] == "RENEWED");
        Assert.DoesNotContain("RENEWED", _place.Klock("why", "a.ts").Well().Out, StringComparison.Ordinal);
        Assert.DoesNotContain("RENEWED", _place.Klock("watch", "--once", "--json").Well().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_happened_is_told_however_many_renewals_came_after_it(bool onServer)
    {
        using Server? server = onServer ? new Server(_place, "--storage", "memory") : null;
        _place.Environment["KLOCK_SERVER"] = server?.Url;
        string[] rare = _place.Klock("acquire", "--file", "rare.ts", "--ttl", "1h").Well().Rows[0];
        string lease = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        using Running watch = _place.Start("watch", "--json", "--interval", "20ms");
        Assert.Equal(2, Leases(watch.Output.ReadLine()!));
        _place.Klock(["renew", .. Enumerable.Repeat(lease, 2_500)]).Well();
        string[] granted = Assert.Single(_place.Klock("why", "rare.ts").Well().Rows, row => row[0] == "events");
        Assert.Equal(["GRANTED", rare[1]], [granted[3], granted[5]]);
        Assert.Equal(2, Events(_place.Klock("watch", "--once", "--json").Well().Json));

        // What is shown already stays, and is shown once.
        _place.Klock("release", "--all", "--agent", rare[3], "--session", rare[4]).Well();
        Running.Until(() => Events(JsonDocument.Parse(watch.Output.ReadLine()!).RootElement) == 3, "what was known and what is new");
        watch.Signal(15);
    }

    [Fact]
    public void Watch_looks_once_or_again_when_something_has_changed()
    {
        Assert.DoesNotContain(_place.Klock("watch", "--once").Well().Rows, row => row[0] == "leases");
        using Running watch = _place.Start("watch", "--json", "--interval", "20ms");
        Assert.Equal(0, Leases(watch.Output.ReadLine()!));
        _place.Klock("acquire", "--file", "a.ts").Well();
        Running.Until(() => Leases(watch.Output.ReadLine()!) == 1, "the lease is seen");
        watch.Signal(15);
        Assert.Equal(143, watch.End().Code);
    }

    [Fact]
    public void A_terminal_gets_tables_and_a_pipe_does_not()
    {
        _place.Klock("acquire", "--file", "a.ts", "--note", "[red]not markup[/]").Well();
        Assert.DoesNotContain("LEASE", _place.Klock("leases").Well().Out, StringComparison.Ordinal);
        _place.Environment["COLUMNS"] = "200";
        using Running script = _place.StartOther("script", "-qec", "stty cols 200; klock leases", "/dev/null");
        string table = script.End().Out;
        Assert.Contains("LEASE", table, StringComparison.Ordinal);
        Assert.Contains("[red]not markup[/]", table, StringComparison.Ordinal);
        using Running live = _place.StartOther(
            "script", "-qec", "stty cols 200; exec timeout -s INT 1 klock watch --interval 100ms", "/dev/null");
        Assert.Contains("FILE:a.ts", live.End().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeout -s INT 0.3 klock watch --interval 50ms", "FILE:a.ts")]
    [InlineData("timeout -s TERM 0.5 klock serve --port 0", "klock listening on")]
    public void In_the_background_of_a_terminal_a_signal_ends_it_too(string command, string shows)
    {
        _place.Klock("acquire", "--file", "a.ts").Well();
        // Not the last command of its script: timeout makes a process group of its own then, which has not got the terminal.
        string five = $"stty cols 200; for i in 1 2 3 4 5; do {command}; done; :";
        using Running script = _place.StartOther("script", "-qec", five, "/dev/null");
        Assert.Contains(shows, script.End().Out, StringComparison.Ordinal);
    }

    private static int Leases(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("data").GetProperty("leases").GetArrayLength();

    private static int Events(JsonElement snapshot) => snapshot.GetProperty("data").GetProperty("events").EnumerateArray()
        .Count(one => one.GetProperty("kind").GetString() is "GRANTED" or "RELEASED");
}
