using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Contract;

/// <summary>Spellings of one resource meet, what cannot be protected is refused, and what contains another meets it (KLIS-6).</summary>
public abstract class ResourceContract(IStoreKind kind) : ContractSuite(kind)
{
    [Theory]
    [InlineData("FILE", "src/a.ts", "src/a.ts")]
    [InlineData("FILE", "./src//x/.././a.ts/", "src/a.ts")]
    [InlineData("FILE", "  /src/a.ts\t", "/src/a.ts")]
    [InlineData("FILE", "//src///a.ts", "/src/a.ts")]
    [InlineData("FILE", "C:\\src\\a.ts", "C:/src/a.ts")]
    [InlineData("FILE", "c:/src/a.ts", "C:/src/a.ts")]
    [InlineData("FILE", "src\\a.ts", "src\\a.ts")]
    [InlineData("FILE", "/", "/")]
    [InlineData("FILE", ".", ".")]
    [InlineData("FILE", "src/../", ".")]
    [InlineData("FILE", "src/**", "src/**")]
    [InlineData("FILE", "./src/x/../**/", "src/**")]
    [InlineData("FILE", "**", "**")]
    [InlineData("FILE", "./**", "**")]
    [InlineData("FILE", "/**", "/**")]
    [InlineData("SYMBOL", "./src//a.ts#f", "src/a.ts#f")]
    [InlineData("SYMBOL", "src/a.ts#f#g", "src/a.ts#f#g")]
    [InlineData("SYMBOL", "Some.Flat::Name", "Some.Flat::Name")]
    [InlineData("SYMBOL", "a.erl#f%2F1", "a.erl#f%2F1")]
    [InlineData("CUSTOM", "deploy:./staging/", "deploy:./staging/")]
    [InlineData("API_ENDPOINT", "GET /users/*", "GET /users/*")]
    public void A_path_is_brought_to_its_normal_form(string type, string path, string normal) =>
        Assert.Equal($"{type}:{normal}", Klock.Acquire("a", path: path, type: type).Data.GetProperty("resource").GetString());

    [Theory]
    [InlineData("FILE", "..")]
    [InlineData("FILE", "src/../../x")]
    [InlineData("FILE", "/../x")]
    [InlineData("FILE", "C:\\..\\x")]
    [InlineData("FILE", "src/*.ts")]
    [InlineData("FILE", "*")]
    [InlineData("FILE", "src/**/a.ts")]
    [InlineData("FILE", "src**")]
    [InlineData("FILE", "   ")]
    [InlineData("FILE", "a\nb")]
    [InlineData("FILE", "a\u007fb")]
    [InlineData("FILE", "a\u0085b")]
    [InlineData("FILE", "a\0b")]
    [InlineData("SYMBOL", "src/a.ts#")]
    [InlineData("SYMBOL", "#f")]
    [InlineData("SYMBOL", "src/**#f")]
    [InlineData("SYMBOL", "../a.ts#f")]
    [InlineData("SYMBOL", "a.erl#f/1")]
    [InlineData("SYMBOL", "a#dir/file")]
    [InlineData("SYMBOL", "C:\\a.php#App\\Foo")]
    [InlineData("CUSTOM", "a\u0001b")]
    public void What_cannot_be_protected_is_refused_with_the_reason(string type, string path)
    {
        Answer answer = Klock.Acquire("a", path: path, type: type);
        Assert.Equal("INVALID_REQUEST", answer.Code);
        Assert.StartsWith("resource_path ", answer.Error, StringComparison.Ordinal);
        Assert.Empty(Klock.Agents());
    }

    [Theory]
    [InlineData("FILE", "src/a.ts", "FILE", "./src/x/../a.ts", true)]
    [InlineData("FILE", "src/a.ts", "FILE", "/src/a.ts", false)]
    [InlineData("FILE", "src/a.ts", "FILE", "src/A.ts", false)]
    [InlineData("FILE", "src/**", "FILE", "src/deep/er/a.ts", true)]
    [InlineData("FILE", "src/**", "FILE", "src", true)]
    [InlineData("FILE", "src/**", "FILE", "src2/a.ts", false)]
    [InlineData("FILE", "src", "FILE", "src/a.ts", false)]
    [InlineData("FILE", "**", "FILE", "src/a.ts", true)]
    [InlineData("FILE", "**", "FILE", "/src/a.ts", false)]
    [InlineData("FILE", "/**", "FILE", "/src/a.ts", true)]
    [InlineData("FILE", "/**", "FILE", "C:/src/a.ts", false)]
    [InlineData("FILE", "C:/**", "FILE", "C:\\src\\a.ts", true)]
    [InlineData("FILE", "c:\\src\\a.ts", "FILE", "C:/src/a.ts", true)]
    [InlineData("FILE", "c:/src/a.ts", "SYMBOL", "C:/src/a.ts#f", true)]
    [InlineData("FILE", "src/**", "FILE", "src/deep/**", true)]
    [InlineData("FILE", "src/deep/**", "FILE", "src/other/**", false)]
    [InlineData("FILE", "src/a.ts", "SYMBOL", "src/a.ts#f", true)]
    [InlineData("FILE", "src/**", "SYMBOL", "src/a.ts#f", true)]
    [InlineData("FILE", "src", "SYMBOL", "src/a.ts#f", false)]
    [InlineData("SYMBOL", "src/a.ts#f", "SYMBOL", "src/a.ts#g", false)]
    [InlineData("SYMBOL", "src/a.ts#f", "SYMBOL", "src//a.ts#f", true)]
    [InlineData("SYMBOL", "flat", "FILE", "flat", false)]
    [InlineData("CUSTOM", "x", "CONFIG_KEY", "x", false)]
    [InlineData("CUSTOM", "x", "CUSTOM", "x", true)]
    [InlineData("CUSTOM", "x/**", "CUSTOM", "x/y", false)]
    public void Resources_meet_when_one_is_or_contains_the_other(string type, string path, string otherType, string otherPath, bool meet)
    {
        string held = Klock.Acquire("a", path: path, type: type).LeaseId;
        Assert.Equal(meet ? "DIE" : null, Klock.Acquire("b", path: otherPath, type: otherType).Reason);
        Klock.Release(held);
        Assert.All(Klock.ActiveIds(("agent_id", "b")), lease => Klock.Release(lease));
        Klock.Acquire("a", path: otherPath, type: otherType);
        Assert.Equal(meet ? "DIE" : null, Klock.Acquire("b", path: path, type: type).Reason);
    }

    [Fact]
    public void Predicates_are_compatible_exactly_as_the_protocol_says()
    {
        string[] predicates = ["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"];
        string[] compatible =
        [
            "CONSUMES+CONSUMES", "CONSUMES+DEPENDS_ON", "DEPENDS_ON+DEPENDS_ON", "PROVIDES+CONSUMES", "PROVIDES+DEPENDS_ON",
        ];
        foreach ((string held, string asked) in predicates.SelectMany(held => predicates.Select(asked => (held, asked))))
        {
            string lease = Klock.Acquire("a", held).LeaseId;
            Answer answer = Klock.Acquire("b", asked);
            Assert.Equal(compatible.Contains($"{held}+{asked}") || compatible.Contains($"{asked}+{held}"), answer.Success);
            Klock.Release(lease);
            Assert.All(Klock.ActiveIds(), left => Klock.Release(left));
        }
    }
}
