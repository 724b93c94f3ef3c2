using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Predicates;

/// <summary>SPEC KLIS-1, KLIS-6 and section 3: names are read in any case, written in capitals, and an unknown one is an error.</summary>
public sealed class NamesTests
{
    [Theory]
    [InlineData("PROVIDES", 0)]
    [InlineData("CONSUMES", 1)]
    [InlineData("MUTATES", 2)]
    [InlineData("DELETES", 3)]
    [InlineData("DEPENDS_ON", 4)]
    [InlineData("RENAMES", 5)]
    public void A_predicate_has_its_index_and_its_name(string name, int index)
    {
        foreach (string spelling in new[] { name, name.ToLowerInvariant(), name[..1] + name[1..].ToLowerInvariant() })
        {
            Assert.True(PredicateNames.TryParse(spelling, out Predicate predicate), spelling);
            Assert.Equal(index, (int)predicate);
            Assert.Equal(name, predicate.ToName());
        }
    }

    [Theory]
    [InlineData("FILE")]
    [InlineData("SYMBOL")]
    [InlineData("API_ENDPOINT")]
    [InlineData("DATABASE_TABLE")]
    [InlineData("CONFIG_KEY")]
    [InlineData("CUSTOM")]
    public void A_type_has_its_name(string name)
    {
        foreach (string spelling in new[] { name, name.ToLowerInvariant(), name[..1] + name[1..].ToLowerInvariant() })
        {
            Assert.True(ResourceTypeNames.TryParse(spelling, out ResourceType type), spelling);
            Assert.Equal(name, type.ToName());
            Assert.StartsWith($"{name}:", Request.Resource(type, "a").ToString(), StringComparison.Ordinal);
        }
    }

    // The last but one is spelled with U+017F, which some case mappings take for an S.
    [Theory]
    [InlineData("")]
    [InlineData("READS")]
    [InlineData("MUTATE")]
    [InlineData(" MUTATES")]
    [InlineData("MUTATES ")]
    [InlineData("DEPENDSON")]
    [InlineData("DEPENDS-ON")]
    [InlineData("CON\u017FUMES")]
    [InlineData("2")]
    public void An_unknown_predicate_is_refused(string name) => Assert.False(PredicateNames.TryParse(name, out _));

    [Theory]
    [InlineData("")]
    [InlineData("FILES")]
    [InlineData("FILE:")]
    [InlineData("\u017FYMBOL")]
    [InlineData("0")]
    public void An_unknown_type_is_refused(string name) => Assert.False(ResourceTypeNames.TryParse(name, out _));
}
