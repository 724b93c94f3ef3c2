using Klock.Tidy.Tests.Checks;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Every kind of bad line end is found, and only in files that people write.</summary>
public sealed class WhiteSpaceTests
{
    [Theory]
    [InlineData("a.cs", "good\nbad \n", "a.cs:2")]
    [InlineData("a.md", "bad\t\ngood\n", "a.md:1")]
    [InlineData("a.c", "bad\r\ngood\n", "a.c:1")]
    [InlineData("a.txt", "good\nbad", "a.txt:2")]
    [InlineData("a.ps1", "good\r\nbad \r\n", "a.ps1:2")]
    public void A_bad_end_is_found(string path, string text, string place) =>
        Assert.Equal([place], WhiteSpace.Find(Plant.Tree((path, text))).Places());

    [Theory]
    [InlineData("a.cs", "good\n\ngood\n")]
    [InlineData("empty.py", "")]
    [InlineData("a.ps1", "good\r\ngood\r\n")]
    [InlineData("src/x/packages.lock.json", "{}")]
    public void A_good_end_is_not(string path, string text) => Assert.Empty(WhiteSpace.Find(Plant.Tree((path, text))));
}
