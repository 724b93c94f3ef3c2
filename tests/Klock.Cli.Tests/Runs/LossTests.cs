using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Runs;

/// <summary>run: signals, and a lost lease.</summary>
public sealed class LossTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(15)]
    public void A_signal_goes_to_the_command_whose_exit_code_counts(int signal)
    {
        const string Script = "trap 'exit 42' INT TERM USR1; touch ready; while :; do sleep 0.02; done";
        using Running run = _place.Start("run", "--file", "a.ts", "--", "sh", "-c", Script);
        Running.Until(() => File.Exists(_place.At("ready")), "the command runs");
        run.Signal(signal);
        Assert.Equal(42, run.End().Code);
        Assert.Empty(_place.Klock("leases").Well().Out);
    }

    [Fact]
    public void A_signal_while_it_waits_ends_it()
    {
        _place.Klock("acquire", "--file", "a.ts").Well();
        using Running run = _place.Start("run", "--file", "a.ts", "--", "touch", "ran");
        Running.Until(() => _place.Klock("why", "a.ts").Out.Contains("waiting", StringComparison.Ordinal), "it waits");
        run.Signal(15);
        Assert.Equal(143, run.End().Code);
        Assert.False(File.Exists(_place.At("ran")));
        Assert.DoesNotContain("waiting", _place.Klock("why", "a.ts").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_that_was_ignored_stays_ignored()
    {
        using Running shell = _place.StartOther(
            "sh", "-c", "trap '' HUP; exec klock run --file a.ts -- sh -c 'kill -HUP $$; touch survived'");
        shell.End().Well();
        Assert.True(File.Exists(_place.At("survived")));
    }

    [Theory]
    [InlineData("--default-signal")]
    [InlineData("--ignore-signal=TTOU")]
    public void The_command_ignores_and_blocks_what_klock_was_started_to_and_nothing_else(string signals)
    {
        const string Show = "grep -E 'SigIgn|SigBlk' /proc/self/status";
        using Running shell = _place.StartOther(
            "env", signals, "--default-signal=PIPE", "sh", "-c", $"{Show}; klock run --file a.ts -- {Show}");
        string[] lines = shell.End().Well().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal(lines[..2], lines[2..]);
    }

    [Fact]
    public void A_lost_lease_stops_the_whole_group()
    {
        using Running run = Family.Start(_place, "2s");
        _place.Klock("revoke", _place.Klock("leases").Rows[0][0]).Well();
        Assert.Contains("revoked", run.End().Failed(13), StringComparison.Ordinal);
        Running.Until(() => !Family.IsAlive(_place), "both are gone");
    }

    [Fact]
    public void A_report_that_nobody_reads_does_not_keep_the_command_alive()
    {
        // The pipe that klock reports into is full, until something is read from it.
        using Running run = _place.StartOther(
            "bash", "-c",
            "mkfifo full && exec 3<>full && head -c 65536 /dev/zero >&3 && { klock run --file a.ts --ttl 1h -- "
            + "sh -c 'echo $$ > pid; exec sleep 300' 2>&3 & } && read -r && head -c 65536 <&3 > /dev/null && wait $!");
        Running.Until(() => File.Exists(_place.At("pid")) && File.ReadAllText(_place.At("pid")).EndsWith('\n'), "the command runs");
        int command = Family.Id(_place, "pid");
        _place.Klock("revoke", _place.Klock("leases").Rows[0][0]).Well();
        Running.Until(() => !Running.IsAlive(command), "the command is gone");
        Assert.Equal(13, run.End("go on\n").Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_revoked_lease_is_noticed_within_a_second(bool onServer)
    {
        using Server? server = onServer ? new Server(_place, "--storage", "memory") : null;
        _place.Environment["KLOCK_SERVER"] = server?.Url;
        using Running run = Family.Start(_place, "1h");
        _place.Klock("revoke", _place.Klock("leases").Well().Rows[0][0]).Well();
        long revoked = TimeProvider.System.GetTimestamp();
        Running.Until(() => !Family.IsAlive(_place), "both are gone");
        Assert.InRange(TimeProvider.System.GetElapsedTime(revoked).TotalSeconds, 0, 1);
        Assert.Contains("revoked", run.End().Failed(13), StringComparison.Ordinal);
    }

    [Fact]
    public void To_look_for_a_revoke_writes_nothing()
    {
        using Running run = Family.Start(_place, "1h");
        string before = _place.Klock("events", "--after", "0", "--limit", "1000", "--json").Well().Out;
        Thread.Sleep(1_500);
        Assert.Equal(before, _place.Klock("events", "--after", "0", "--limit", "1000", "--json").Well().Out);
    }

    [Theory]
    [InlineData("kill")]
    [InlineData("warn")]
    public void A_grant_that_comes_when_its_time_is_up_starts_nothing(string onLoss)
    {
        int heartbeats = 0;
        using var slow = new FakeServer(request =>
        {
            heartbeats += request.Contains("/heartbeat", StringComparison.Ordinal) ? 1 : 0;

            // Longer than the ttl, for the grant and for each renewal.
            Thread.Sleep(1_200);
            return FakeServer.Http(200, """
                {"success":true,"data":{"lease_id":"1","agent_id":"a","session_id":"s","resource":"FILE:a.ts","predicate":"MUTATES",
                "acquired_at":1,"ttl":1000,"expires_at":1001,"fencing_token":1}}
                """);
        });
        _place.Environment["KLOCK_SERVER"] = slow.Url;
        Ran ran = _place.Klock("run", "--file", "a.ts", "--ttl", "1s", "--wait", "0s", "--on-lease-loss", onLoss, "--", "touch", "ran");
        Assert.Equal(13, ran.Code);
        Assert.False(File.Exists(_place.At("ran")));
        Assert.True(heartbeats > 0, "it tries to renew first");
    }

    [Fact]
    public void A_lost_lease_is_only_told_when_that_is_asked_for()
    {
        using Running run = _place.Start(
            "run", "--file", "a.ts", "--ttl", "1s", "--on-lease-loss", "warn", "--", "sh", "-c",
                "touch outer; sleep 1.5; touch done; exit 5");
        Running.Until(() => File.Exists(_place.At("outer")), "the command runs");
        _place.Klock("revoke", _place.Klock("leases").Rows[0][0]).Well();
        Assert.Contains("runs on", run.End().Failed(5), StringComparison.Ordinal);
        Assert.True(File.Exists(_place.At("done")));
    }

    [Fact]
    public void A_store_that_fails_loses_the_lease_before_its_time_is_up()
    {
        using Running run = Family.Start(_place, "2s");
        const string Locker = """
            import sqlite3, sys
            store = sqlite3.connect(".git/klock/klock.db", isolation_level=None)
            store.execute("BEGIN IMMEDIATE")
            print("locked", flush=True)
            sys.stdin.read()
            """;
        using Running locker = _place.StartOther("/usr/bin/python3", "-c", Locker);
        Assert.Equal("locked", locker.Output.ReadLine());
        Running.Until(() => !Family.IsAlive(_place), "both are gone");
        locker.End().Well();
        Assert.Contains("in time", run.End().Failed(13), StringComparison.Ordinal);
    }

    [Fact]
    public void No_process_of_klocks_own_is_left_when_it_ends()
    {
        string[] before = [.. Klocks()];
        _place.Klock("run", "--file", "a.ts", "--", "true").Well();
        Running.Until(() => !Klocks().Except(before).Any(), "none is left");
    }

    private static IEnumerable<string> Klocks() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.Combine(folder, "comm")
        where int.TryParse(Path.GetFileName(folder), out _) && File.Exists(name) && Read(name).StartsWith("klock", StringComparison.Ordinal)
        select folder;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
