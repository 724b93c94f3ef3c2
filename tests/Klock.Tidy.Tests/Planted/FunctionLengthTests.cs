using Klock.Tidy.Tests.Checks;
using Xunit;
using static Klock.Tidy.Tests.Planted.Plant;

namespace Klock.Tidy.Tests.Planted;

/// <summary>Functions of 71 lines are found in each language, those of 70 are not.</summary>
public sealed class FunctionLengthTests
{
    /// <summary>Path, what stands before the function, its first line, one line of its body, its last line.</summary>
    public static TheoryData<string, string, string, string, string> Shapes { get; } = new()
    {
        { "a.cs", "class B\n{\n    int _x = 1;\n", "    void F(int a = 1) {", "        G(\"{\", '}', $\"{\"}\"}{{\");", "    }" },
        { "a.cs", "[Odd(X = 1)]\nrecord B(int X)\n{\n", "    int F() =>", "        1 +", "        1;" },
        { "a.cs", "class B<T> where T : class\n{\n    int P { get; } = 1;\n", "    bool operator ==(B a, B b) {", "        x();", "    }" },
        { "a.cs", "using A;\n", "try {", "    await F(@\"\\\");", "}" },
        { "a.c", "#define A {\nstruct s { int x; };\n", "static int f(struct s *p) {", "    if (*p) { g('{'); } /* { */", "}" },
        { "a.c", "static const int t[] = { 1, 2 };\n", "struct s *f(void) {", "    x(\"\\\"{\");", "}" },
        { "a.h", "extern \"C\" {\n", "inline int f(void) {", "    // {", "}" },
        { "a.hpp", "namespace a { class B {\npublic:\n  B();\n", "  B(int x) : y{x}, z{1'000} {", "    f(R\"({\"})\");", "  }" },
        { "a.py", "class A:\n    x = 1\n\n", "    async def f(self, a=1,", "        x = '{' if a else 1  # def", "        return \"#\"" },
        { "a.js", "const a = { b: 1 };\n", "function f() {", "  g(`{${h('}')}`, /[\"{]/);", "}" },
        { "a.mjs", "export class A {\n", "  f(x) {", "    y = x / 2; // \"", "  }" },
        { "a.js", "let a = 1;\n", "const f = (x) => {", "  y('{');", "};" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_71st_line_is_too_many(string path, string before, string first, string body, string last)
    {
        string place = $"{path}:{before.Count(letter => letter == '\n') + 1}";
        Assert.Equal([place], FunctionLength.Find(Tree((path, $"{before}{first}\n{Repeat(body, 69)}{last}\n"))).Places());
        Assert.Empty(FunctionLength.Find(Tree((path, $"{before}{first}\n{Repeat(body, 68)}{last}\n"))));
    }

    [Theory]
    [InlineData("a.cs", "class A\n{\n    static int[] B =\n    [\n", "        1,", "    ];\n}")]
    [InlineData("a.cs", "enum A\n{\n", "    B,", "}")]
    [InlineData("a.c", "static const char *names[] = {\n", "    \"x\",", "};")]
    [InlineData("a.c", "struct a {\n", "    int x;", "};")]
    [InlineData("a.py", "NAMES = [\n", "    'x',", "]")]
    public void A_table_or_a_type_may_be_long(string path, string first, string body, string last) =>
        Assert.Empty(FunctionLength.Find(Tree((path, $"{first}{Repeat(body, 100)}{last}\n"))));

    [Fact]
    public void A_string_that_breaks_the_indentation_does_not_end_a_Python_function()
    {
        string text = "def f(\n    a,\n) -> int:\n" + Repeat("    x = \"\"\"\nno indent\n\"\"\"", 30) + "    y = 1\nz = 1\n";
        Assert.Equal("a.py:1: a function of 94 lines, at most 70", Assert.Single(FunctionLength.Find(Tree(("a.py", text)))).ToString());
    }

    [Fact]
    public void Functions_that_follow_each_other_are_not_added_up()
    {
        string text = "class A\n{\n" + Repeat("    void F(int a = 1)\n    {\n        G();\n    }\n", 50) + "}\n";
        Assert.Empty(FunctionLength.Find(Tree(("a.cs", text))));
    }
}
