using Klock.Tidy.Tests.Checks;
using Klock.Tidy.Tests.Files;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>A variable that the page of settings leaves out is found, and one that nobody reads.</summary>
public sealed class VariablesPageTests
{
    [Fact]
    public void A_page_with_all_of_them_is_right() => Assert.Empty(VariablesPage.Find(Project("`KLOCK_A`, `KLOCK_B`, `KLOCK_C`")));

    [Theory]
    [InlineData("`KLOCK_A`, `KLOCK_B`")]
    [InlineData("`KLOCK_A`, `KLOCK_B`, `KLOCK_C`, `KLOCK_D`")]
    public void A_page_with_one_too_few_or_too_many_is_not(string page) =>
        Assert.Equal(["docs/settings.md"], VariablesPage.Find(Project(page)).Places());

    private static TextFile[] Project(string page) => Tree(
        ("docs/settings.md", page), ("src/A/A.cs", "class A { string a = \"KLOCK_A\"; } // KLOCK_WORD is no variable"),
        ("bindings/b.py", "os.environ['KLOCK_B']"), ("bindings/c.js", "process.env.KLOCK_C"), ("tests/d.py", "'KLOCK_D'"));
}
