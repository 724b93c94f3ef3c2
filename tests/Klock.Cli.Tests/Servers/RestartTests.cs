using Klock.Cli.Tests.Runs;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Servers;

/// <summary>A server goes and comes again: who waits goes on waiting, and says so once.</summary>
public sealed class RestartTests : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    private readonly Place _place = Place.InGit();
    private Server _server;

    public RestartTests()
    {
        _server = new Server(_place, "--storage", "sqlite:server.db");
        _place.Environment["KLOCK_SERVER"] = _server.Url;
    }

    public void Dispose()
    {
        _server.Dispose();
        _place.Dispose();
    }

    [Theory]
    [InlineData(SigTerm)]
    [InlineData(SigKill)]
    public void Who_waits_outlives_it(int signal)
    {
        string lease = _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well().Rows[0][0];
        using Running acquire = _place.Start("acquire", "--file", "a.ts", "--wait", "60s", "--agent", "acquirer", "--ttl", "500ms");
        using Running run = _place.Start("run", "--file", "a.ts", "--agent", "runner", "--", "touch", "ran");
        Running.Until(() => Waiters() == 2, "both wait");
        Restart(signal, TimeSpan.FromSeconds(1));
        Running.Until(() => Waiters() == 2, "both wait again");
        _place.Klock("release", lease).Well();
        Ran acquired = acquire.End(), ran = run.End();
        Assert.Equal((0, 0), (acquired.Code, ran.Code));
        Assert.Equal("acquirer", Assert.Single(acquired.Rows)[3]);
        Assert.All([acquired, ran], one => Assert.Matches("^klock: [^\n]*Waiting for it to be there again.\n$", one.Error));
        Assert.True(File.Exists(_place.At("ran")));
        Assert.DoesNotContain(_place.Klock("leases").Well().Rows, row => row[3] == "runner");
    }

    [Fact]
    public void A_command_that_runs_outlives_it_too()
    {
        using Running run = Family.Start(_place, "6s");
        Restart(SigTerm, TimeSpan.FromSeconds(1));
        Running.Until(() => _place.Klock("events").Out.Contains("RENEWED", StringComparison.Ordinal), "it is renewed");
        Assert.True(Family.IsAlive(_place));
        run.Signal(SigKill);
    }

    [Fact]
    public void Watch_goes_on()
    {
        using Running watch = _place.Start("watch", "--json", "--interval", "20ms");
        Assert.NotNull(watch.Output.ReadLine());
        Restart(SigTerm, TimeSpan.FromSeconds(0.2));
        _place.Klock("acquire", "--file", "a.ts").Well();
        Running.Until(() => watch.Output.ReadLine()!.Contains("FILE:a.ts", StringComparison.Ordinal), "the lease is seen");
        watch.Signal(SigTerm);
        Ran ran = watch.End();
        Assert.Equal(143, ran.Code);
        Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void It_is_waited_for_no_longer_than_one_would_wait_anyway()
    {
        _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well();
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "2s");
        Running.Until(() => Waiters() == 1, "it waits");
        long start = TimeProvider.System.GetTimestamp();
        Stop(SigKill);
        Ran ran = waiter.End();
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 4);
        Assert.Equal(4, ran.Code);
        _place.Klock("acquire", "--file", "a.ts").Failed(4);
        _place.Klock("watch").Failed(4);
    }

    [Fact]
    public void A_signal_ends_the_wait_for_it()
    {
        _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well();
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "60s");
        Running.Until(() => Waiters() == 1, "it waits");
        Stop(SigKill);
        Thread.Sleep(300);
        waiter.Signal(SigTerm);
        Assert.Equal(143, waiter.End().Code);
    }

    [Fact]
    public void A_server_beside_the_store_that_is_gone_for_good_leaves_its_waiters_to_the_store()
    {
        _place.Environment.Remove("KLOCK_SERVER");
        string folder = _place.At(".git", "klock");
        _place.Klock("leases").Well();
        using var local = new Server(_place, "--storage", $"sqlite:{folder}/klock.db", "--socket", $"{folder}/klock.sock");
        Assert.Equal("socket", _place.Klock("where").Well().Rows[0][0]);
        string lease = _place.Klock("acquire", "--file", "a.ts", "--ttl", "1h").Well().Rows[0][0];
        using Running family = _place.Start("run", "--file", "b.ts", "--ttl", "3s", "--", "sh", "-c", "touch ready; sleep 6; touch done");
        using Running waiter = _place.Start("acquire", "--file", "a.ts", "--wait", "60s");
        Running.Until(() => Waiters() == 1 && File.Exists(_place.At("ready")), "one waits and one runs");
        local.Process.Signal(SigTerm);
        local.Process.End();
        Assert.Equal("storage", _place.Klock("where").Well().Rows[0][0]);
        Running.Until(() => Waiters() == 1, "it waits on the store");
        _place.Klock("release", lease).Well();
        Assert.Equal(0, waiter.End().Code);
        family.End().Well();
        Assert.True(File.Exists(_place.At("done")));
    }

    private int Waiters() => _place.Klock("watch", "--once").Rows.Count(row => row[0] == "waiting");

    private void Restart(int signal, TimeSpan pause)
    {
        int port = _server.Port;
        Stop(signal);
        Thread.Sleep(pause);
        _server.Dispose();
        _server = new Server(_place, port, "--storage", "sqlite:server.db");
    }

    private void Stop(int signal)
    {
        _server.Process.Signal(signal);
        _server.Process.End();
    }
}
