using Klock.Tidy.Tests.Checks;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Marks of unfinished work are found in what is shipped.</summary>
public sealed class UnfinishedCodeTests
{
    [Theory]
    [InlineData("src/a.cs", "// TODO later")]
    [InlineData("bindings/c/include/klock.h", "/* FIXME */")]
    [InlineData("src/a.cs", "throw new NotImplementedException();")]
    public void A_mark_is_found(string path, string line) =>
        Assert.Equal([path + ":2"], UnfinishedCode.Find(Plant.Tree((path, "x\n" + line + "\n"))).Places());

    [Theory]
    [InlineData("docs/a.md", "TODO")]
    [InlineData("src/a.cs", "todoList.Add(mastodon)")]
    public void Other_words_are_not(string path, string line) => Assert.Empty(UnfinishedCode.Find(Plant.Tree((path, line + "\n"))));
}
