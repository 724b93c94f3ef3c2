using Klock.Tidy.Tests.Code;
using Klock.Tidy.Tests.Files;
using Xunit;

namespace Klock.Tidy.Tests.Planted;

/// <summary>What is not code is blanked to the last character, and nothing else is.</summary>
public sealed class BlankerTests
{
    [Theory]
    [InlineData("a // b\nc", "a     \nc")]
    [InlineData("a(\"x\\\"y\");b", "a(      );b")]
    [InlineData("a(@\"x\\\");b", "a(@    );b")]
    [InlineData("$\"{F(\"}\")}{{\";b", "$            ;b")]
    [InlineData("'\"';b", "   ;b")]
    [InlineData("\"\"\"a\"b\"\"\";c", "         ;c")]
    [InlineData("a /* { \n } */ b", "a      \n      b")]
    [InlineData("#if {\nb", "     \nb")]
    public void CSharp(string text, string blanked) => Assert.Equal(blanked, Blanker.Blank(text, Language.CSharp));

    [Theory]
    [InlineData("#define A \\\n  {\nb", "           \n   \nb")]
    [InlineData("R\"x(a)\"b)x\";c", "R          ;c")]
    [InlineData("1'000'000;'{'", "1'000'000;   ")]
    public void C(string text, string blanked) => Assert.Equal(blanked, Blanker.Blank(text, Language.C));

    [Theory]
    [InlineData("a = '''x\n'y''' # z\nb", "a =     \n         \nb")]
    [InlineData("a = 'x\\'y'; b", "a =       ; b")]
    public void Python(string text, string blanked) => Assert.Equal(blanked, Blanker.Blank(text, Language.Python));

    [Theory]
    [InlineData("a = /[\"]/; b", "a =      ; b")]
    [InlineData("a / b / \"c\"", "a / b /    ")]
    [InlineData("`${f(`}`)}`;b", "           ;b")]
    public void JavaScript(string text, string blanked) => Assert.Equal(blanked, Blanker.Blank(text, Language.JavaScript));
}
