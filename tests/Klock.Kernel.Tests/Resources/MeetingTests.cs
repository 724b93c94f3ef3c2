using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Tests.Model;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>SPEC KLIS-6: which resources meet, by name, by the model and through leases.</summary>
public sealed class MeetingTests
{
    private static readonly string[] _all =
    [
        "FILE:.", "FILE:**", "FILE:a", "FILE:a/**", "FILE:a/b", "FILE:a/b/**", "FILE:a/b/c", "FILE:a/bc", "FILE:ab", "FILE:a#f",
        "FILE:/", "FILE:/**", "FILE:/a", "FILE:/a/**", "FILE:/a/b", "FILE:C:/", "FILE:C:/**", "FILE:C:/a", "FILE:C:/a/b",
        "FILE:D:/**", "FILE:c:/a", "FILE:c:/a/**", "SYMBOL:c:\\a#f",
        "SYMBOL:a#f", "SYMBOL:a#g", "SYMBOL:a/b#f", "SYMBOL:/a#f", "SYMBOL:C:/a#f", "SYMBOL:.#f", "SYMBOL:a", "SYMBOL:a#f%2Fb", "SYMBOL:**",
        "CUSTOM:a", "CUSTOM:a/**", "CUSTOM:a/b", "API_ENDPOINT:a", "DATABASE_TABLE:a", "CONFIG_KEY:a",
        "FILE in x:a", "FILE in x:a/**", "FILE in x:**", "FILE in x:.", "FILE in x:/**", "FILE in x:a/b",
        "SYMBOL in x:a/b#f", "CUSTOM in x:a",
        "FILE in y:a/b", "FILE in .:a", "FILE in /:.", "SYMBOL in a:b#f",
    ];

    [Theory]
    // A file is one name.
    [InlineData("FILE:a", "FILE:a", true)]
    [InlineData("FILE:a", "FILE:a/b", false)]
    [InlineData("FILE:a", "FILE:/a", false)]
    [InlineData("FILE:a", "FILE:A", false)]
    // A subtree is its directory and all beneath it.
    [InlineData("FILE:a/**", "FILE:a", true)]
    [InlineData("FILE:a/**", "FILE:a/b", true)]
    [InlineData("FILE:a/**", "FILE:a/b/c", true)]
    [InlineData("FILE:a/**", "FILE:ab", false)]
    [InlineData("FILE:a/b/**", "FILE:a", false)]
    [InlineData("FILE:a/b/**", "FILE:a/bc", false)]
    [InlineData("FILE:a/**", "FILE:a/b/**", true)]
    [InlineData("FILE:a/b/**", "FILE:a/**", true)]
    [InlineData("FILE:**", "FILE:a/b/c", true)]
    [InlineData("FILE:**", "FILE:.", true)]
    [InlineData("FILE:**", "FILE:/a", false)]
    [InlineData("FILE:**", "FILE:C:/a", false)]
    [InlineData("FILE:/**", "FILE:/", true)]
    [InlineData("FILE:/**", "FILE:/a/b", true)]
    [InlineData("FILE:/**", "FILE:a", false)]
    [InlineData("FILE:/**", "FILE:C:/a", false)]
    [InlineData("FILE:C:/**", "FILE:C:/a/b", true)]
    [InlineData("FILE:C:/**", "FILE:C:/", true)]
    [InlineData("FILE:C:/**", "FILE:c:/a", true)]
    [InlineData("FILE:c:/A", "FILE:C:/a", false)]
    [InlineData("FILE:c:/a", "SYMBOL:C:\\a#f", true)]
    [InlineData("FILE:C:/**", "FILE:D:/a", false)]
    // A symbol lies in its file and in what is around that.
    [InlineData("SYMBOL:a/b#f", "FILE:a/b", true)]
    [InlineData("SYMBOL:a/b#f", "FILE:a", false)]
    [InlineData("SYMBOL:a/b#f", "FILE:a/b/**", true)]
    [InlineData("SYMBOL:a/b#f", "FILE:a/**", true)]
    [InlineData("SYMBOL:a/b#f", "FILE:**", true)]
    [InlineData("SYMBOL:a/b#f", "FILE:/**", false)]
    [InlineData("SYMBOL:C:/a#f", "FILE:C:/**", true)]
    [InlineData("SYMBOL:a#f", "FILE:a#f", false)]
    [InlineData("SYMBOL:a", "FILE:a", false)]
    // Other types are flat names, each in its own world.
    [InlineData("CUSTOM:a/**", "CUSTOM:a/b", false)]
    [InlineData("CUSTOM:a", "CONFIG_KEY:a", false)]
    [InlineData("CUSTOM:a", "FILE:**", false)]
    [InlineData("API_ENDPOINT:a", "API_ENDPOINT:a", true)]
    [InlineData("API_ENDPOINT:a", "DATABASE_TABLE:a", false)]
    // Nothing of one namespace meets anything of another, or of none.
    [InlineData("FILE in x:a", "FILE in x:a", true)]
    [InlineData("FILE in x:a", "FILE:a", false)]
    [InlineData("FILE in x:a", "FILE in y:a", false)]
    [InlineData("FILE in x:a", "FILE in X:a", false)]
    [InlineData("FILE in x:**", "FILE in x:a/b", true)]
    [InlineData("FILE in x:**", "FILE:a/b", false)]
    [InlineData("FILE:**", "FILE in x:a/b", false)]
    [InlineData("FILE in x:a", "SYMBOL in x:a#f", true)]
    [InlineData("FILE in x:a", "SYMBOL in y:a#f", false)]
    [InlineData("FILE:a", "SYMBOL in x:a#f", false)]
    [InlineData("FILE in x:a", "SYMBOL:a#f", false)]
    [InlineData("CUSTOM in x:a", "CUSTOM in x:a", true)]
    [InlineData("CUSTOM in x:a", "CUSTOM:a", false)]
    [InlineData("FILE in .:**", "FILE:.", false)]
    public void Resources_meet_when_equal_or_when_one_contains_the_other(string one, string other, bool meet)
    {
        Assert.Equal(meet, Parse(one).Meets(Parse(other)));
        Assert.Equal(meet, Parse(other).Meets(Parse(one)));
        Assert.Equal(meet, Refuses(one, other));
        Assert.Equal(meet, Refuses(other, one));
    }

    [Fact]
    public void Every_pair_meets_as_the_model_says_also_when_others_are_held_around()
    {
        foreach (string held in _all)
        {
            foreach (string asked in _all)
            {
                bool meet = ParseModel(held).Meets(ParseModel(asked));
                Assert.True(meet == Parse(held).Meets(Parse(asked)), $"{held} and {asked}: {meet}");
                Assert.True(meet == Refuses(held, asked), $"{asked} while {held} is held: {meet}");
                Assert.True(meet == Refuses(held, asked, around: _all), $"{asked} while {held} and much else is held: {meet}");
            }
        }
    }

    // PROVIDES conflicts with itself but not with readers, so readers all around fill the tree and are in nobody's way.
    private static bool Refuses(string held, string asked, params string[] around)
    {
        LeaseTable table = new(0);
        foreach (string reader in around)
        {
            table.Hold("r", "s", Parse(reader), Predicate.Consumes, 1);
        }

        table.Hold("a", "s", Parse(held), Predicate.Provides, 1);
        int inTheWay = table.Acquire("b", "s", Parse(asked), Predicate.Provides, 1).Conflicts.Total;
        Assert.InRange(inTheWay, 0, 1);
        return inTheWay == 1;
    }

    private static Resource Parse(string text)
    {
        int colon = text.IndexOf(':');
        (string typeName, string? name) = ModelResource.Split(text[..colon]);
        Assert.True(ResourceTypeNames.TryParse(typeName, out ResourceType type));
        return Request.Resource(type, text[(colon + 1)..]).In(name);
    }

    private static ModelResource ParseModel(string text)
    {
        int colon = text.IndexOf(':');
        return ModelResource.Parse(text[..colon], text[(colon + 1)..])!;
    }
}
