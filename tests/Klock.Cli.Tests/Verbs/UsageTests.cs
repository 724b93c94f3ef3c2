using System.Text.RegularExpressions;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>A wrong command line gets one line; help and completion show what is right.</summary>
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
    [InlineData("--wait", "acquire", "--file", "a", "--wait", "2h")]
    [InlineData("frob", "acquire", "--file", "a", "--mode", "frob")]
    [InlineData("--file", "acquire")]
    [InlineData("id", "release")]
    [InlineData("--all", "release", "--all", "0123")]
    [InlineData("id", "revoke")]
    [InlineData("PATH is missing", "why")]
    [InlineData("PATH is missing", "why", "--json")]
    [InlineData("SHELL is missing", "completion")]
    [InlineData("'b' is not expected", "leases", "--", "a", "b")]
    [InlineData("'run'", "run", "--file", "a")]
    [InlineData("after --", "run", "--file", "a", "touch", "ran")]
    [InlineData("--interval", "watch", "--interval", "30d")]
    [InlineData("--limit", "events", "--after", "0", "--limit", "0")]
    [InlineData("--after", "events", "--after", "x")]
    [InlineData("--priority", "acquire", "--file", "a", "--priority", "-1")]
    [InlineData("--priority", "acquire", "--file", "a", "--priority", "18446744073709551616")]
    [InlineData("--file", "run", "--", "true")]
    [InlineData("1s", "run", "--file", "a", "--ttl", "10ms", "--", "true")]
    [InlineData("--last", "events", "--last", "1001")]
    [InlineData("sh", "completion", "sh")]
    public void Wrong_usage_is_told_in_one_line(string named, params string[] arguments) =>
        Assert.Contains(named, _place.Klock(arguments).Failed(2), StringComparison.Ordinal);

    [Fact]
    public void No_option_takes_a_flag_or_nothing_for_its_value()
    {
        (string Verb, string Option)[] options = [.. ValueOptions()];
        Assert.Contains(("run", "--file"), options);
        Assert.Contains(("watch", "--interval"), options);
        foreach ((string verb, string option) in options)
        {
            string[] rest = verb == "run" ? ["--", "touch", "ran"] : [];
            // "$UNSET" in a script, with and without the equals sign; a flag of klock's and one that it does not know.
            string[][] attempts = [[$"{option}="], [option, ""], [option], [option, "--raw"], [option, "--frob"], [option, "-x"]];
            Assert.All(attempts, attempt =>
                Assert.Contains(option, _place.Klock([verb, .. attempt, .. rest]).Failed(2), StringComparison.Ordinal));
            Assert.All(attempts, attempt => _place.Klock([verb, "--json", .. attempt, .. rest]).Failed(2));
        }

        Assert.False(File.Exists(_place.At("ran")));
        _place.Klock("run", "--file=", "--note", "true", "--", "touch", "ran").Failed(2);
        Assert.Equal("FILE:" + _place.At("--note"), _place.Klock("acquire", "--file=--note").Well().Rows[0][1]);
    }

    [Theory]
    [InlineData("there is no option --al. Did you mean --all?", "release", "--al")]
    [InlineData("there is no option --file", "revoke", "--file", "x")]
    [InlineData("there is no option --waitt. Did you mean --wait?", "run", "--file", "a", "--waitt", "3s", "--", "touch", "ran")]
    [InlineData("there is no option -f", "leases", "-f", "x")]
    [InlineData("there is no option --json:x", "leases", "--json:x")]
    [InlineData("--json takes no value", "leases", "--json=false")]
    [InlineData("--ttl is given twice", "acquire", "--file", "a", "--ttl", "1s", "--ttl=2s")]
    [InlineData("'y' is not expected", "leases", "x", "y")]
    [InlineData("an argument is empty", "release", "")]
    [InlineData("verb 'aquire'. Did you mean acquire?", "aquire", "--file", "a")]
    [InlineData("verb 'lease'. Did you mean leases?", "lease")]
    [InlineData("no option --json before a verb", "--json", "leases")]
    [InlineData("Did you mean mutate?", "acquire", "--file", "a", "--mode", "muate")]
    public void What_is_mistyped_is_never_taken_for_something_else(string sentence, params string[] arguments)
    {
        Assert.Contains(sentence, _place.Klock(arguments).Failed(2), StringComparison.Ordinal);
        Assert.False(File.Exists(_place.At("ran")));
    }

    [Fact]
    public void A_flag_takes_nothing_of_what_comes_after_it() =>
        Assert.Equal("FILE:" + _place.At("true"), _place.Klock("why", "--json", "--raw", _place.At("true")).Well().Json
            .GetProperty("data").GetProperty("resource").GetString());

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

    // All that take a value, as the help of each verb lists them.
    private IEnumerable<(string Verb, string Option)> ValueOptions()
    {
        string verbs = _place.Klock("--help").Well().Out.Split("Commands:")[1].Split("Exit codes")[0];
        foreach (Match verb in Regex.Matches(verbs, @"^  (?<name>\S+)", RegexOptions.Multiline, TimeSpan.FromSeconds(1)))
        {
            string help = verb.Groups["name"].Value == "serve" ? "" : _place.Klock(verb.Groups["name"].Value, "--help").Well().Out;
            foreach (Match option in Regex.Matches(help, @"^  (?<name>--\S+) <", RegexOptions.Multiline, TimeSpan.FromSeconds(1)))
            {
                yield return (verb.Groups["name"].Value, option.Groups["name"].Value);
            }
        }
    }

    private string[] Suggest(string line) =>
        _place.Klock($"[suggest:{line.Length}]", line).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
