using Klock.Cli.Tests.Servers;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Runs;

/// <summary>run: klock, its child or all of them stand still while the leases run out. Nothing is written after they have.</summary>
public sealed class StandingStillTests : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigContinue = 18;
    private const int SigTerminalStop = 20;

    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("kill", "go")]
    [InlineData("warn", "go")]
    [InlineData("kill", "exec")]
    [InlineData("warn", "exec")]
    public void The_command_does_not_start_when_the_lease_runs_out_between_grant_and_start(string onLoss, string moment)
    {
        _place.Environment["LD_PRELOAD"] = Path.Combine(AppContext.BaseDirectory, "pause.so");
        _place.Environment["KLOCK_PAUSE_AT"] = moment;
        using Running run = _place.Start("run", "--file", "a.ts", "--ttl", "1s", "--on-lease-loss", onLoss, "--", "touch", "ran");
        int child = 0;
        Running.Until(
            () => Running.IsStopped(run.Pid) || Family.Children(run.Pid).Any(process => Running.IsStopped(child = process.Pid)),
            "it stands still");
        run.Signal(SigStop);
        _place.Environment.Clear();
        Running.Until(() => _place.Klock("acquire", "--file", "a.ts").Code == 0, "the lease has run out");
        if (child != 0)
        {
            Running.Signal(child, SigContinue);
        }

        run.Signal(SigContinue);
        Ran ran = run.End();
        Assert.Equal(13, ran.Code);
        Assert.Matches("^(klock: [^\n]+\n)+$", ran.Error);
        Assert.False(File.Exists(_place.At("ran")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_command_is_stopped_when_its_time_is_up_though_klock_stands_still(bool onServer)
    {
        using Server? server = onServer ? new Server(_place, "--storage", "memory") : null;
        _place.Environment["KLOCK_SERVER"] = server?.Url;
        using Running run = Family.Start(_place, "1s");
        run.Signal(SigStop);
        Running.Until(() => !Family.IsAlive(_place), "both are gone while klock stands still");
        Assert.True(Running.IsStopped(run.Pid));
        run.Signal(SigContinue);
        run.End().Failed(13);
    }

    [Fact]
    public void The_command_is_stopped_when_its_time_is_up_though_the_guard_stands_still()
    {
        using var server = new Server(_place, "--storage", "memory");
        _place.Environment["KLOCK_SERVER"] = server.Url;
        using Running run = Family.Start(_place, "1s");
        Running.Signal(Family.GuardOf(run.Pid)!.Value, SigStop);
        server.Process.Signal(SigKill);
        Running.Until(() => !Family.IsAlive(_place), "both are gone");
        run.End().Failed(13);
    }

    [Fact]
    public void A_lost_lease_that_is_only_told_leaves_the_command_alone()
    {
        using Running run = _place.Start(
            "run", "--file", "a.ts", "--ttl", "1s", "--on-lease-loss", "warn", "--", "sh", "-c", "touch ready; sleep 2; exit 5");
        Running.Until(() => File.Exists(_place.At("ready")), "the command runs");
        run.Signal(SigStop);
        Running.Until(() => _place.Klock("acquire", "--file", "a.ts").Code == 0, "the lease has run out");
        run.Signal(SigContinue);
        Assert.Contains("runs on", run.End().Failed(5), StringComparison.Ordinal);
    }

    [Fact]
    public void Stopped_by_a_signal_they_stop_and_go_on_together()
    {
        // A command that starts no others: a shell that does cannot be stopped at times (vfork).
        using Running run = _place.Start("run", "--file", "a.ts", "--", "sh", "-c", "mkfifo end; echo $$ > pid; read line < end; exit 7");
        Running.Until(() => File.Exists(_place.At("pid")) && File.ReadAllText(_place.At("pid")).EndsWith('\n'), "the command runs");
        int command = Family.Id(_place, "pid");
        run.Signal(SigTerminalStop);
        Running.Until(() => Running.IsStopped(run.Pid) && Running.IsStopped(command), "both have stopped");
        run.Signal(SigContinue);
        using Running end = _place.StartOther("sh", "-c", "echo > end");
        Assert.Equal(7, run.End().Code);
    }

    [Fact]
    public void A_signal_that_ends_it_is_heard_by_what_stands_still()
    {
        using Running run = Family.Start(_place, "1h");
        int outer = Family.Id(_place, Family.Outer);
        Running.Signal(outer, SigStop);
        Running.Signal(Family.Id(_place, Family.Inner), SigKill);
        run.Signal(SigTerm);
        Assert.Equal(128 + SigTerm, run.End().Code);
        Assert.Empty(_place.Klock("leases").Well().Out);
    }

    [Theory]
    [InlineData("20s", "0.2", 0)]
    [InlineData("1s", "2.5", 13)]
    public void Ctrl_Z_and_fg_go_on_only_while_the_lease_lasts(string ttl, string stopped, int code)
    {
        // A terminal and what a shell does on it. The command is one that starts no others: a shell that does cannot be stopped at times.
        File.WriteAllText(_place.At("command.py"), """
            import os, time
            open("ready", "w").close()
            while not os.path.exists("end"):
                time.sleep(0.01)
            open("went-on", "w").close()
            """);
        string script = $"""
            import os, pty, signal, sys, time
            pid, terminal = pty.fork()
            if pid == 0:
                os.execvp("klock", ["klock", "run", "--file", "a.ts", "--ttl", "{ttl}", "--", "/usr/bin/python3", "command.py"])
            while not os.path.exists("ready"):
                time.sleep(0.01)
            os.write(terminal, b"\x1a")
            os.waitpid(pid, os.WUNTRACED)
            time.sleep({stopped})
            open("end", "w").close()
            os.kill(pid, signal.SIGCONT)
            try:
                while os.read(terminal, 4096):
                    pass
            except OSError:
                pass
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """;
        using Running shell = _place.StartOther("/usr/bin/python3", "-c", script);
        Ran ran = shell.End();
        Assert.True(ran.Code == code, $"ended with {ran.Code}: {ran.Out}{ran.Error}");
        Assert.Equal(code == 0, File.Exists(_place.At("went-on")));
    }
}
