using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>SPEC KLIS-6: a symbol in a file is split at the first '#' after the last '/'; one without '#' is a flat name.</summary>
public sealed class SymbolTests
{
    [Theory]
    [InlineData("src/a.ts#login", "src/a.ts#login")]
    [InlineData("./src//a.ts#login", "src/a.ts#login")]
    [InlineData(" src/a.ts #login", "src/a.ts#login")]
    [InlineData("/a/../b#f", "/b#f")]
    [InlineData("C:\\src\\a.ts#f", "C:/src/a.ts#f")]
    [InlineData("c:\\C#\\x.cs#Main", "C:/C#/x.cs#Main")]
    [InlineData("C:/C#\\x.cs#Main", "C:/C#/x.cs#Main")]
    [InlineData("a.php#App\\Foo", "a.php#App\\Foo")]
    [InlineData("C:\\a.php#App%5CFoo", "C:/a.php#App%5CFoo")]
    [InlineData("a.erl#f%2F1", "a.erl#f%2F1")]
    [InlineData("a#b#c", "a#b#c")]
    [InlineData("d#1/a.ts#f", "d#1/a.ts#f")]
    [InlineData("./d#1//a.ts#f#g", "d#1/a.ts#f#g")]
    [InlineData("a# f ", "a# f ")]
    [InlineData("a#*", "a#*")]
    [InlineData("a#**", "a#**")]
    [InlineData("src/#f", "src#f")]
    // Flat names are left alone.
    [InlineData("login", "login")]
    [InlineData("./login", "./login")]
    [InlineData(" login ", " login ")]
    [InlineData("a//b", "a//b")]
    [InlineData("**", "**")]
    public void A_symbol_has_one_normal_form(string raw, string normal) =>
        Assert.Equal($"SYMBOL:{normal}", Request.Resource(ResourceType.Symbol, raw).ToString());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("#f", "file before '#'")]
    [InlineData("##", "file before '#'")]
    [InlineData(" #f", "file before '#'")]
    [InlineData("a#", "name after '#'")]
    [InlineData("a/b#", "name after '#'")]
    [InlineData("../a#f", "climbs")]
    [InlineData("a/**#f", "subtree")]
    [InlineData("**#f", "subtree")]
    [InlineData("a/*#f", "'*'")]
    [InlineData("a#f\n", "control")]
    [InlineData("a\u0001b#f", "control")]
    [InlineData("flat\u0001", "control")]
    // A '#' that parts no file from a symbol would look like protection and be none.
    [InlineData("a.erl#f/1", "%2F")]
    [InlineData("d#1/a.ts", "%2F")]
    [InlineData("#/", "%2F")]
    [InlineData("/a#/", "%2F")]
    [InlineData("C:\\C#\\x.cs", "%5C")]
    [InlineData("C:\\a.php#App\\Foo", "%5C")]
    [InlineData("c:/a.php#App\\Foo", "%5C")]
    [InlineData(" C:\\a.php#App\\Foo", "%5C")]
    [InlineData("./C:\\C#\\x.cs", "%5C")]
    [InlineData("./C:\\C#\\x.cs#f", "%5C")]
    public void What_is_no_symbol_is_refused_and_the_reason_is_named(string raw, string reason)
    {
        Assert.False(Resource.TryCreate(ResourceType.Symbol, raw, out Resource? resource, out string? problem));
        Assert.Null(resource);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.ts#f", "./a.ts#f", true)]
    [InlineData("a.ts#f", "a.ts#g", false)]
    [InlineData("a.ts#f", "b.ts#f", false)]
    [InlineData("a.ts#f", "f", false)]
    [InlineData("f", "f", true)]
    [InlineData("f", "F", false)]
    public void Symbols_meet_only_themselves(string one, string other, bool meet) =>
        Assert.Equal(meet, Request.Resource(ResourceType.Symbol, one).Meets(Request.Resource(ResourceType.Symbol, other)));
}
