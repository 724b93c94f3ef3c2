using Klock.Tidy.Tests.Checks;
using Klock.Tidy.Tests.Files;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Lines and files that are one too long are found; those that just fit are not.</summary>
public sealed class LengthTests
{
    [Theory]
    [InlineData(140, 0)]
    [InlineData(141, 1)]
    public void A_line_of_code_may_have_140_characters(int length, int offences) =>
        Assert.Equal(offences, LineLength.Find(Plant.Tree(("a.py", "x\n" + new string('x', length) + "\r\n"))).Count());

    [Fact]
    public void A_long_line_is_named_by_its_number() =>
        Assert.Equal(["src/a.cs:2"], LineLength.Find(Plant.Tree(("src/a.cs", "x\n" + new string('x', 200) + "\n"))).Places());

    [Fact]
    public void Prose_may_be_as_wide_as_it_likes() => Assert.Empty(LineLength.Find(Plant.Tree(("a.md", new string('x', 500)))));

    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void A_file_of_code_may_have_400_lines(int lines, int offences) =>
        Assert.Equal(offences, FileLength.Find(Plant.Tree(("a.c", Plant.Repeat("x;", lines))), Reasons()).Count());

    [Fact]
    public void A_long_file_with_a_reason_is_let_be() =>
        Assert.Empty(FileLength.Find(Plant.Tree(("a.h", Plant.Repeat("x;", 500))), Reasons("a.h")));

    [Fact]
    public void A_reason_that_nobody_needs_is_found()
    {
        TextFile[] files = Plant.Tree(("a.h", "x;\n"));
        Assert.Equal(["a.h", "gone.h"], FileLength.Find(files, Reasons("a.h", "gone.h")).Places());
    }

    private static Dictionary<string, string> Reasons(params string[] paths) => paths.ToDictionary(path => path, _ => "the reference text");
}
