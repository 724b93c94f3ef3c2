using CsCheck;
using Klock.Agents.Shell;
using Klock.Agents.Shell.Findings;
using Klock.Agents.Shell.Syntax;

namespace Klock.Agents.Tests.Shell;

/// <summary>Whatever the text: an answer, in bounded time and depth, with every path absolute.</summary>
public sealed class FuzzTests
{
    private static readonly string[] _pieces =
    [
        "rm a", "cd b", "&&", "||", "|", "&", ";", "\n", "(", ")", "((", "))",
            "{ ", "; }", "$(", "`", "\"", "'", "\\", "$", "${", "}", "$((",
        "<<EOF", "EOF\n", "<<<", ">", ">>", "&>", "<(", "[[", "]]", "if ", "then ", "else ",
            "elif ", "fi", "for x in ", "do ", "done", "while ",
        "case x in ", "esac", ";;", "f() ", "function g ", "f", "x=", "x=(", "$x", "$@", "*",
            "[a]", "{a,b}", "{1..9}", "~", "#", "!", "time ",
        "git checkout ", "sed -i ", "bash -c ", "eval ", "xargs ", "apply_patch ", "-", "--", " ", "\t", "\r", "\0",
            "é", "coproc ", "$'\\x", "trap ",
    ];

    private static readonly Gen<string> _mixed = OneOf.These(_pieces).Array[0, 40].Select(pieces => string.Concat(pieces));
    private static readonly Gen<string> _letters = Gen.Char.Array[0, 200].Select(letters => new string(letters));

    [Fact]
    public void Any_text_has_an_answer() => Gen.OneOf(_mixed, _letters).Sample(HasAnswer, iter: 20_000);

    [Fact]
    public void A_command_that_was_cut_and_joined_has_an_answer()
    {
        string[] commands = [.. typeof(GrammarTests).GetMethods().Concat(typeof(VerbTests).GetMethods())
            .Concat(typeof(GitTests).GetMethods())
            .SelectMany(test => test.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false))
            .Select(data => (string)((InlineDataAttribute)data).Data[0]!)];
        Assert.True(commands.Length > 150);
        Gen<string> cut = Gen.Select(OneOf.These(commands), Gen.Int[0, 60], Gen.Int[0, 60], (command, from, to) =>
            command[Math.Min(Math.Min(from, to), command.Length)..Math.Min(Math.Max(from, to), command.Length)]);
        Gen.Select(cut, OneOf.These(_pieces), cut, (before, between, after) => before + between + after).Sample(HasAnswer, iter: 20_000);
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("{ ", 100_000)]
    [InlineData("$(", 100_000)]
    [InlineData("\"$(", 80_000)]
    [InlineData("${x:-", 50_000)]
    [InlineData("$((", 80_000)]
    [InlineData("`\\", 100_000)]
    [InlineData("if ", 80_000)]
    [InlineData("case x in x) ", 15_000)]
    [InlineData("f() ", 60_000)]
    [InlineData("function f ", 20_000)]
    [InlineData("coproc ", 30_000)]
    [InlineData("! ", 100_000)]
    [InlineData("{a,b}", 50_000)]
    [InlineData("{a,{", 50_000)]
    [InlineData("{", 200_000)]
    [InlineData("<(", 100_000)]
    [InlineData("x=(", 80_000)]
    [InlineData("sudo ", 50_000)]
    [InlineData("eval ", 50_000)]
    [InlineData("time ", 50_000)]
    [InlineData("bash -c \"", 20_000)]
    [InlineData("for i in {1..900}; do ", 10_000)]
    [InlineData("for i in {1..900}; do ", 40, "rm $i", "; done")]
    [InlineData("while x; do y=1; ", 60, "y=2", "; done")]
    [InlineData("a && ", 50_000, "a")]
    [InlineData("a | ", 50_000, "a")]
    [InlineData("a; ", 80_000)]
    [InlineData("<<A ", 60_000, "\n")]
    [InlineData("x=$x$x$x$x; ", 20_000, "rm $x")]
    [InlineData("f() { f; f; }; ", 1, "f")]
    [InlineData("rm f{1..900}; ", 500)]
    [InlineData("cat > f <<A\n$x$(x)`x`\nA\n", 8_000)]
    public void Bombs_are_defused(string unit, int times, string middle = "", string end = "")
    {
        string text = string.Concat(Enumerable.Repeat(unit, times)) + middle
            + string.Concat(Enumerable.Repeat(end, end.Length == 0 ? 0 : times));
        HasAnswer(text);
    }

    [Fact]
    public void What_is_beyond_a_limit_is_unknown()
    {
        Assert.Contains("at most", Assert.Single(Read(new string('a', ShellParser.MaxLength + 1)).Unknown), StringComparison.Ordinal);
        Assert.Contains(Read(string.Concat(Enumerable.Repeat("( ", ShellParser.MaxDepth + 1))).Unknown,
            reason => reason.Contains("deep", StringComparison.Ordinal));
        Assert.Contains(Read("for i in {1..900}; do for j in 1 2 3 4 5; do for k in 1 2 3 4 5; do true; done; done; done").Unknown,
            reason => reason.Contains("commands", StringComparison.Ordinal));
        ShellEffects many = Read("rm {1..900} x{1..900}");
        Assert.Equal(Collector.Max, many.Files.Count);
        Assert.Contains(many.Unknown, reason => reason.Contains("files", StringComparison.Ordinal));
    }

    private static ShellEffects Read(string text) => ShellReader.Read(text, new ShellContext("/repo"));

    private static void HasAnswer(string text)
    {
        ShellEffects effects = Read(text);
        Assert.All(effects.Files, file => Assert.StartsWith("/", file.Path, StringComparison.Ordinal));
        Assert.All(effects.Files, file => Assert.DoesNotContain("/../", file.NewPath ?? file.Path, StringComparison.Ordinal));
        Assert.True(effects.Files.Count <= Collector.Max && effects.Unknown.Count <= Collector.Max);
    }
}
