using System.Text.RegularExpressions;
using Klock.Cli.Tests.Support;

namespace Klock.Cli.Tests.Verbs;

/// <summary>Help shows how each verb is used, and the manual has all of it.</summary>
public sealed class GuideTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(1);

    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Help_of_every_verb_has_examples_that_say_what_there_is()
    {
        string[] verbs = Verbs();
        Assert.Contains("status", verbs);
        foreach (string verb in verbs)
        {
            string help = _place.Klock(verb, "--help").Well().Out;
            Assert.Equal(help, _place.Klock("help", verb).Well().Out);
            string[] examples = [.. help.Split("Examples:\n")[1].Split('\n').Where(line => line.Length > 2 && line[2] != ' ')];
            Assert.Contains(examples, line => line.Contains($"klock {verb}", StringComparison.Ordinal));
            string typed = string.Join('\n', examples.Select(line => line.Split(" -- ")[0]));
            foreach (Match option in Regex.Matches(typed, @"--[a-z-]+", RegexOptions.None, _limit))
            {
                const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.ExplicitCapture;
                Assert.Matches(new Regex($@"^  (-\w, )?{option.Value} ", Lines, _limit), help);
            }
        }
    }

    [Fact]
    public void The_manual_has_every_verb_option_and_exit_code()
    {
        string page = _place.Klock("man").Well().Out;
        foreach (string verb in Verbs())
        {
            Assert.Contains($".SS \"klock {verb} ", page, StringComparison.Ordinal);
            string help = verb == "serve" ? "" : _place.Klock(verb, "--help").Well().Out;
            foreach (Match option in Regex.Matches(help, @"^  (?<name>--\S+)", RegexOptions.Multiline, _limit))
            {
                string typeset = option.Groups["name"].Value.Replace("-", "\\-", StringComparison.Ordinal);
                Assert.Contains($"\\fB{typeset}\\fR", page, StringComparison.Ordinal);
            }
        }

        Assert.Contains("WAIT_TIMEOUT", page, StringComparison.Ordinal);
        Assert.Contains("NO_COLOR", page, StringComparison.Ordinal);
        Assert.Equal(page, File.ReadAllText(Repo.At("dist", "share", "man", "man1", "klock.1")));
    }

    [Fact]
    public void The_manual_can_be_typeset()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/groff"), "groff is not installed");
        using Running groff = _place.StartOther("sh", "-c", "klock man | groff -man -Tascii -ww -P-cbou");
        string text = groff.End().Well().Out;
        Assert.Contains("klock acquire --file src/auth.ts --note \"new login\" --ttl 5m", text, StringComparison.Ordinal);
    }

    private string[] Verbs()
    {
        string listed = _place.Klock("--help").Well().Out.Split("Commands:")[1].Split("Exit codes")[0];
        return [.. Regex.Matches(listed, @"^  (?<name>\S+)", RegexOptions.Multiline, _limit).Select(verb => verb.Groups["name"].Value)];
    }
}
