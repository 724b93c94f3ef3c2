using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>What is typed wrong gets one line; help and completion tell what is right.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("verb 'frobnicate'", "frobnicate")]
    [InlineData("--frob", "acquire", "--frob")]
    [InlineData("--ttl", "acquire", "--file", "a", "--ttl", "60")]
    [InlineData("--ttl", "acquire", "--file", "a", "--ttl", "1.5s")]
    [InlineData("--wait", "run", "--file", "a", "--wait", "-1s", "--", "true")]
    [InlineData("ttl", "acquire", "--file", "a", "--ttl", "0s")]
    [InlineData("ttl", "acquire", "--file", "a", "--ttl", "25h")]
    [InlineData("wait_ms", "acquire", "--file", "a", "--wait", "2h")]
    [InlineData("frob", "acquire", "--file", "a", "--mode", "frob")]
    [InlineData("--file", "acquire")]
    [InlineData("id", "release")]
    [InlineData("--all", "release", "--all", "0123")]
    [InlineData("id", "revoke")]
    [InlineData("'run'", "run", "--file", "a")]
    [InlineData("--file", "run", "--", "true")]
    [InlineData("1s", "run", "--file", "a", "--ttl", "10ms", "--", "true")]
    [InlineData("--last", "events", "--last", "1001")]
    [InlineData("limit", "events", "--after", "0", "--limit", "0")]
    [InlineData("sh", "completion", "sh")]
    public void Wrong_usage_is_told_in_one_line(string named, params string[] arguments) =>
        Assert.Contains(named, _place.Klock(arguments).Failed(2), StringComparison.Ordinal);

    [Fact]
    public void Names_have_their_limits()
    {
        _place.Klock("acquire", "--file", "a", "--agent", new string('a', 257)).Failed(2);
        _place.Klock("acquire", "--file", "a", "--note", new string('a', 1_025)).Failed(2);
        _place.Klock("acquire", "--file", new string('a', 5_000)).Failed(2);
        Assert.Empty(_place.Klock("leases").Well().Out);
    }

    [Fact]
    public void Without_a_verb_it_shows_help_and_counts_as_wrong_usage()
    {
        Ran ran = _place.Klock();
        Assert.Equal(2, ran.Code);
        Assert.Contains("Usage:", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_every_verb_and_the_exit_codes()
    {
        string help = _place.Klock("--help").Well().Out;
        string[] verbs =
        [
            "acquire", "release", "renew", "run", "check", "leases", "agents", "events", "why", "watch", "revoke", "where", "serve",
            "version",
        ];
        Assert.All(verbs, verb => Assert.Contains($"\n  {verb} ", help, StringComparison.Ordinal));
        Assert.Contains("12        WAIT_TIMEOUT", help, StringComparison.Ordinal);
        Assert.Contains("Exit codes", _place.Klock("acquire", "--help").Well().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    public void It_tells_its_version(string argument) => Assert.Matches(@"^klock \d+\.\d+\.\d+\n$", _place.Klock(argument).Well().Out);

    [Fact]
    public void An_at_sign_is_a_letter_of_a_file() =>
        Assert.Equal($"FILE:{_place.At("@a")}", _place.Klock("acquire", "--file", "@a").Well().Rows[0][1]);

    [Fact]
    public void It_completes_verbs_options_and_values()
    {
        Assert.Equal(["release"], Suggest("klock rel"));
        Assert.Contains("--ttl", Suggest("klock acquire --"));
        Assert.Contains("mutate", Suggest("klock acquire --mode "));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void It_prints_what_shells_need(string shell) =>
        Assert.Contains("suggest:", _place.Klock("completion", shell).Well().Out, StringComparison.Ordinal);

    [Fact]
    public void Bash_completes_with_what_it_printed()
    {
        const string Script = """
            eval "$(klock completion bash)"
            COMP_WORDS=(klock rel); COMP_CWORD=1; COMP_LINE='klock rel'; COMP_POINT=9
            _klock && echo "${COMPREPLY[@]}"
            """;
        using Running bash = _place.StartOther("bash", "-c", Script);
        Assert.Equal("release\n", bash.End().Well().Out);
    }

    private string[] Suggest(string line) =>
        _place.Klock($"[suggest:{line.Length}]", line).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
