using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Runs;

/// <summary>run: leases for the length of a command.</summary>
public sealed class RunTests : IDisposable
{
    private readonly Place _place = Place.InGit();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public void The_commands_exit_code_is_passed_on(string script, int code)
    {
        Assert.Equal(code, _place.Klock("run", "--file", "a.ts", "--", "sh", "-c", script).Code);
        Assert.Empty(_place.Klock("leases").Well().Out);
    }

    [Fact]
    public void The_command_has_its_input_output_arguments_and_leases()
    {
        const string Script = "cat; echo \"$KLOCK_LEASE_IDS $KLOCK_FENCING_TOKEN $1 $2 $MINE\"; klock leases; echo to-stderr >&2";
        _place.Environment["MINE"] = "kept";
        Ran ran = _place.KlockWith(
            "from-stdin\n", "run", "--file", "a.ts", "--read", "b.ts", "--", "sh", "-c", Script, "sh", "--file", "x  y");
        Assert.Equal((0, "to-stderr\n"), (ran.Code, ran.Error));
        string[] lines = ran.Out.Split('\n');
        Assert.Equal("from-stdin", lines[0]);
        string[][] held = [.. lines[2..4].Select(line => line.Split('\t'))];
        Assert.Equal(["FILE:a.ts", "FILE:b.ts"], held.Select(lease => lease[1]));
        Assert.Equal($"{held[0][0]},{held[1][0]} {held[1][5]} --file x  y kept", lines[1]);
    }

    [Fact]
    public async Task Two_at_once_that_edit_one_file_lose_nothing()
    {
        File.WriteAllText(_place.At("count"), "0");
        const string Edit = "n=$(cat count); sleep 0.02; echo $((n + 1)) > count";
        Task[] workers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                _place.Klock("run", "--file", "count", "--", "sh", "-c", Edit).Well();
            }
        }))];
        await Task.WhenAll(workers);
        Assert.Equal("40", File.ReadAllText(_place.At("count")).Trim());
    }

    [Fact]
    public void One_session_does_not_let_two_runs_in_at_once()
    {
        _place.Environment["KLOCK_AGENT_ID"] = "agent";
        _place.Environment["KLOCK_SESSION_ID"] = "session";
        using Running first = _place.Start("run", "--file", "a.ts", "--", "sleep", "5");
        Running.Until(() => _place.Klock("leases").Rows.Length == 1, "it holds");
        _place.Klock("run", "--file", "a.ts", "--wait", "50ms", "--", "true").Failed(12);
        first.Signal(15);
        Assert.Equal(143, first.End().Code);
    }

    [Theory]
    [InlineData("run", "--file", "a.ts", "--", "touch", "ran")]
    [InlineData("run", "--read", "./a.ts", "--", "touch", "ran")]
    [InlineData("run", "--file", "b.ts", "--file", "**", "--", "touch", "ran")]
    [InlineData("acquire", "--file", "a.ts", "--wait", "1h")]
    [InlineData("run", "--file", "c.ts", "--", "klock", "run", "--file", "a.ts", "--", "touch", "ran")]
    public void Inside_of_a_run_nobody_waits_for_it(params string[] inner)
    {
        string sentence = _place.Klock(["run", "--file", "a.ts", "--", "klock", .. inner]).Failed(2);
        Assert.Matches("FILE:a.ts is held by the klock run that .* --agent agent-[0-9a-f]+ --session run-[0-9a-f]+ ", sentence);
        Assert.False(File.Exists(_place.At("ran")));
    }

    [Fact]
    public void Inside_of_a_run_its_session_and_what_is_not_in_the_way_can_be_used()
    {
        const string Script = """
            klock run --file b.ts -- true &&
            klock run --file a.ts --agent me --session mine -- sh -c 'klock run --file a.ts --agent me --session mine -- touch ran'
            """;
        _place.Klock("run", "--file", "a.ts", "--agent", "me", "--session", "mine", "--", "sh", "-c", Script).Well();
        Assert.True(File.Exists(_place.At("ran")));
        _place.Klock("run", "--read", "a.ts", "--", "klock", "run", "--read", "a.ts", "--", "true").Well();
    }

    [Fact]
    public void Leases_of_a_run_that_has_ended_are_in_nobodys_way()
    {
        string ids = _place.Klock("run", "--file", "a.ts", "--", "sh", "-c", "echo $KLOCK_LEASE_IDS").Well().Out.Trim();
        _place.Environment["KLOCK_LEASE_IDS"] = $"{ids},no-id,";
        Assert.Matches($"^[0-9a-f]+,{ids},no-id$",
            _place.Klock("run", "--file", "a.ts", "--", "sh", "-c", "echo $KLOCK_LEASE_IDS").Well().Out.Trim());
    }

    [Fact]
    public void A_refusal_runs_nothing()
    {
        _place.Klock("acquire", "--file", "a.ts").Well();
        _place.Klock("run", "--file", "a.ts", "--wait", "0s", "--", "touch", "ran").Failed(11);
        _place.Klock("run", "--file", "a.ts", "--wait", "50ms", "--", "touch", "ran").Failed(12);
        Assert.False(File.Exists(_place.At("ran")));
    }

    [Fact]
    public void What_cannot_be_run_is_told_as_shells_do()
    {
        File.WriteAllText(_place.At("plain"), "no program");
        _place.Klock("run", "--file", "a.ts", "--", "no-such-program").Failed(127);
        _place.Klock("run", "--file", "a.ts", "--", "./plain").Failed(126);
        Assert.Empty(_place.Klock("leases").Well().Out);
    }

    [Fact]
    public void Leases_are_renewed_while_the_command_runs()
    {
        _place.Klock("run", "--file", "a.ts", "--ttl", "1s", "--", "sh", "-c", "sleep 2.5; klock leases | grep -q a.ts").Well();
        Assert.Contains("RENEWED", _place.Klock("events").Well().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wait_does_not_count_as_time_of_the_lease()
    {
        string lease = _place.Klock("acquire", "--file", "a.ts").Well().Rows[0][0];
        using Running run = _place.Start("run", "--file", "a.ts", "--ttl", "1s", "--", "sleep", "0.5");
        Thread.Sleep(1_500);
        _place.Klock("release", lease).Well();
        run.End().Well();
    }

    [Fact]
    public void Two_runs_that_use_one_session_are_told()
    {
        string[] same = ["--agent", "a", "--session", "s"];
        using Running first = _place.Start(["run", "--file", "a.ts", .. same, "--", "sh", "-c", "touch ready; read line; true"]);
        Running.Until(() => File.Exists(_place.At("ready")), "the first runs");
        Ran second = _place.Klock(["run", "--file", "a.ts", .. same, "--", "klock", "run", "--file", "a.ts", .. same, "--", "true"]);
        const string Told = "FILE:a.ts is held by another live process too, in the same session, s of agent a";
        Assert.Contains(Told, second.Failed(0), StringComparison.Ordinal);
        Assert.Equal(2, _place.Klock("events").Well().Rows.Count(row => row[2] == "SESSION_SHARED"));
        first.End().Well();

        // One after the other is no reason, and neither is another session, or another file.
        using Running other = _place.Start(["run", "--file", "c.ts", .. same, "--", "sh", "-c", "touch other; read line; true"]);
        Running.Until(() => File.Exists(_place.At("other")), "the other runs");
        _place.Klock(["run", "--file", "a.ts", .. same, "--", "true"]).Well();
        _place.Klock("run", "--file", "a.ts", "--agent", "a", "--", "true").Well();
    }
}
