using Klock.Tidy.Tests.Checks;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>What only its own project and tests use is found, whatever kind of member it is.</summary>
public sealed class NeedlessPublicTests
{
    private const string Api = "#nullable enable\n";

    [Fact]
    public void A_member_that_no_other_project_names_is_found()
    {
        var files = Tree(("src/P/PublicAPI.Shipped.txt", Api),
            ("src/P/A.cs", "namespace P;\npublic class A {\npublic void Used() { }\npublic void Needless() { }\npublic int Number => 1; }"),
            ("src/Q/B.cs", "namespace Q; class B { void Go(P.A a) => a.Used(); }"));
        Assert.Equal(["src/P/A.cs:4", "src/P/A.cs:5"], NeedlessPublic.Find(files, "src").Places());
    }

    [Fact]
    public void A_type_that_a_used_member_mentions_is_needed_and_another_is_not()
    {
        var files = Tree(("src/P/PublicAPI.Shipped.txt", Api),
            ("src/P/A.cs", "namespace P;\npublic class A { public static B[] All() => []; }\npublic class B { }\npublic class C { }"),
            ("src/Q/Q.cs", "namespace Q; class Q { object o = P.A.All(); }"));
        Assert.Equal(["src/P/A.cs:4"], NeedlessPublic.Find(files, "src").Places());
    }

    [Fact]
    public void Constants_exceptions_interfaces_and_overrides_are_left_alone()
    {
        var files = Tree(("src/P/PublicAPI.Shipped.txt", Api),
            ("src/P/A.cs", "namespace P; public interface I { void Go(); } public class A : I { public const int Most = 1; "
                + "public void Go() { } public override string ToString() => \"\"; } "
                + "public class OddException : System.Exception { public OddException() { } }"),
            ("src/Q/Q.cs", "namespace Q; class Q { P.I i = new P.A(); }"));
        Assert.Empty(NeedlessPublic.Find(files, "src"));
    }

    [Fact]
    public void A_program_has_no_public_surface()
    {
        Assert.Empty(NeedlessPublic.Find(Tree(("src/Q/Q.cs", "namespace Q; public class Q { public int Number => 1; }")), "src"));
    }
}
