using Klock.Tidy.Tests.Checks;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Folders that use each other are found, however long the way round is, and whatever of a type is used.</summary>
public sealed class FolderCirclesTests
{
    [Fact]
    public void A_use_in_one_direction_is_none()
    {
        var files = Tree(("src/P/A/A.cs", "namespace P.A; class A { P.B.B b; }"), ("src/P/B/B.cs", "namespace P.B; class B { }"));
        Assert.Empty(FolderCircles.Find(files, "src"));
    }

    [Fact]
    public void Two_that_use_each_other_are_found()
    {
        var files = Tree(("src/P/A/A.cs", "namespace P.A;\nclass A { P.B.B b; }"),
            ("src/P/B/B.cs", "namespace P.B;\nusing P.A;\nclass B {\nA a; }"));
        Assert.Equal(["src/P/A/A.cs:2", "src/P/B/B.cs:4"], FolderCircles.Find(files, "src").Places());
    }

    [Fact]
    public void A_long_way_round_through_the_top_of_the_project_is_found()
    {
        var files = Tree(("src/P/A/A.cs", "namespace P.A; class A { P.Top t; }"), ("src/P/Top.cs", "namespace P; class Top { P.B.B b; }"),
            ("src/P/B/B.cs", "namespace P.B; class B { P.A.A a; }"));
        Assert.Equal(3, FolderCircles.Find(files, "src").Count());
    }

    [Fact]
    public void A_member_is_a_use_of_its_type()
    {
        var files = Tree(
            ("src/P/A/A.cs", "namespace P.A; static class A { public static int Twice(this int i) => i * P.B.B.Two; }"),
            ("src/P/B/B.cs", "using P.A; namespace P.B; class B { public const int Two = 2; int four = 2.Twice(); }"));
        Assert.Equal(2, FolderCircles.Find(files, "src").Count());
    }

    [Fact]
    public void Two_projects_are_no_circle_of_folders_and_a_page_says_nothing()
    {
        var files = Tree(("src/P/A/A.cs", "namespace P.A; class A { Q.B.B b; }"), ("src/Q/B/B.cs", "namespace Q.B; class B { P.A.A a; }"),
            ("src/P/C/C.cs", "namespace P.C; /* P.A.A */ class C { string s = \"P.A.A\"; }"),
            ("src/P/A/D.cs", "namespace P.A; class D { P.C.C c; }"));
        Assert.Empty(FolderCircles.Find(files, "src"));
    }
}
