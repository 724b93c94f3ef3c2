using Klock.Tidy.Tests.Checks;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>An imported function that does not say where there is one is found.</summary>
public sealed class PlatformCallsTests
{
    private const string Import = "    [LibraryImport(\"libc\", EntryPoint = \"kill\")]\n";

    [Theory]
    [InlineData("class A\n{\n" + Import)]
    [InlineData("    [Obsolete(\"x\")]\n\n" + Import)]
    public void One_that_says_nothing_is_found(string text) =>
        Assert.Equal(["src/A/a.cs:3"], PlatformCalls.Find(Plant.Tree(("src/A/a.cs", text))).Places());

    [Theory]
    [InlineData("    [SupportedOSPlatform(\"linux\")]\n" + Import)]
    [InlineData("    [UnsupportedOSPlatform(\"windows\")]\n" + Import)]
    [InlineData("[SupportedOSPlatform(\"linux\")]\ninternal class A\n{\n" + Import)]
    [InlineData("    [LibraryImport(\"e_sqlite3\")]\n")]
    public void Others_are_not(string text) => Assert.Empty(PlatformCalls.Find(Plant.Tree(("src/A/a.cs", text))));
}
