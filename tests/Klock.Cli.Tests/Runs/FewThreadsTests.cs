using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Runs;

/// <summary>A user, or a container, may have only so many threads and processes: klock says so, whichever it cannot start.</summary>
/// <remarks>Where the tests run as root, who has no such limit, klock runs as a user whom nobody else is.</remarks>
public sealed class FewThreadsTests : IDisposable
{
    private const int Nobody = 54_321, Unavailable = 4;

    private readonly Place _place = new();
    private readonly string _klock;

    public FewThreadsTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "To become another user, of whom nothing else runs, is for root.");
        using Running open = _place.StartOther("chmod", "755", _place.Top);
        Assert.Equal(0, open.End().Code);
        _klock = _place.At("klock");
        File.Copy(Repo.Klock, _klock);
        File.Copy(Repo.Klock + "-server", _klock + "-server");
        using Running owner = _place.StartOther("chown", "-R", $"{Nobody}", _place.Folder, _place.Home);
        Assert.Equal(0, owner.End().Code);
    }

    public static TheoryData<string[]> Commands => new(
        ["version"],
        ["acquire", "--raw", "--file", "a", "--mode", "read"],
        ["leases"],
        ["run", "--raw", "--file", "b", "--", "true"],
        ["run", "--raw", "--file", "c", "--ttl", "1s", "--", "sleep", "1.5"]);

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_runs_or_says_why_not_however_few_there_may_be(params string[] command)
    {
        Ran[] runs = [.. Enumerable.Range(1, 20).Select(limit => Limited(limit, command))];
        Assert.All(runs.Where(run => run.Code != 0), run =>
            Assert.Contains("ew threads can be started", run.Failed(Unavailable), StringComparison.Ordinal));
        Assert.InRange(runs.Count(run => run.Code == 0), 1, 19);
    }

    [Fact]
    public void Nothing_is_left_held_by_a_run_that_could_not_be()
    {
        for (int limit = 1; limit <= 20; limit++)
        {
            Limited(limit, "run", "--raw", "--file", "x", "--", "true");
        }

        Assert.Empty(Limited(100, "leases").Well().Out);
    }

    [Fact]
    public void With_json_it_is_said_in_JSON()
    {
        Ran ran = Limited(1, "leases", "--json");
        Assert.Equal(Unavailable, ran.Code);
        Assert.Equal("INTERNAL", ran.Json.GetProperty("code").GetString());
        Assert.Contains("ulimit -u", ran.Json.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    public void A_server_says_so_too(int limit)
    {
        Ran ran = Limited(limit, "serve", "--port", "0");
        Assert.Equal(Unavailable, ran.Code);
        Assert.Matches("^klock(?: serve)?: [^\n]*ew threads can be started[^\n]+\n$", ran.Error);
    }

    [Fact]
    public void Too_little_address_space_is_told_as_well()
    {
        using Running running = _place.StartOther("sh", "-c", "ulimit -v 30000; exec \"$0\" version", _klock);
        Assert.Contains("ulimit -v", running.End().Failed(Unavailable), StringComparison.Ordinal);
    }

    private Ran Limited(int processes, params string[] command)
    {
        string[] limited =
        [
            "--reuid", $"{Nobody}", "--clear-groups", "prlimit", $"--nproc={processes}", _klock, .. command,
        ];
        _place.Environment["KLOCK_STORAGE"] = "sqlite:" + _place.At("klock.db");
        using Running running = _place.StartOther("setpriv", limited);
        return running.End();
    }
}
