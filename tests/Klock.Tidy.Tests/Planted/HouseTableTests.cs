using Klock.Tidy.Tests.Checks;
using Klock.Tidy.Tests.Files;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>A folder that the table leaves out is found, and one that uses what comes after it.</summary>
public sealed class HouseTableTests
{
    private const string Table = "| Project | Folder | What is there |\n|---|---|---|\n| P | `A` | a |\n| | `B` | b |\n";

    [Fact]
    public void A_table_in_the_order_of_use_is_right() => Assert.Empty(HouseTable.Find(Project(Table)));

    [Fact]
    public void A_folder_that_is_left_out_is_found()
    {
        string without = Table.Replace("| | `B` | b |\n", "", StringComparison.Ordinal);
        Assert.Equal(["docs/architecture.md"], HouseTable.Find(Project(without)).Places());
    }

    [Fact]
    public void A_use_of_what_stands_beneath_is_found() =>
        Assert.Equal(["src/Klock.P/B/B.cs:1"], HouseTable.Find(
            Project("| Project | Folder | What is there |\n|---|---|---|\n| P | `B` | b |\n| | `A` | a |\n")).Places());

    private static TextFile[] Project(string table) => Tree(
        ("docs/architecture.md", table), ("src/Klock.P/A/A.cs", "namespace P.A; class A { }"),
        ("src/Klock.P/B/B.cs", "namespace P.B; class B { P.A.A a; }"));
}
