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
    [InlineData("d#1/a.ts", "d#1/a.ts")]
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
