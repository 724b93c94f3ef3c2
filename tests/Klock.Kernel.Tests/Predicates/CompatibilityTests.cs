using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Predicates;

/// <summary>SPEC KLIS-2: all 36 pairs, in both orders.</summary>
public sealed class CompatibilityTests
{
    // Written out by hand. Rows and columns in index order; "x" conflicts.
    private static readonly string[] _names = ["PROVIDES", "CONSUMES", "MUTATES", "DELETES", "DEPENDS_ON", "RENAMES"];
    private static readonly string[] _rows =
    [
        "x.xx.x",
        "..xx.x",
        "xxxxxx",
        "xxxxxx",
        "..xx.x",
        "xxxxxx",
    ];

    public static TheoryData<string, string, bool> Pairs { get; } =
    [
        .. from held in Enumerable.Range(0, 6)
           from asked in Enumerable.Range(0, 6)
           select (_names[held], _names[asked], _rows[held][asked] == 'x'),
    ];

    [Fact]
    public void The_compatible_pairs_are_exactly_the_four_kinds()
    {
        IEnumerable<string> compatible = Pairs.Where(pair => !pair.Data.Item3).Select(pair => $"{pair.Data.Item1}+{pair.Data.Item2}");
        string[] expected =
        [
            "CONSUMES+CONSUMES",
            "CONSUMES+DEPENDS_ON",
            "CONSUMES+PROVIDES",
            "DEPENDS_ON+CONSUMES",
            "DEPENDS_ON+DEPENDS_ON",
            "DEPENDS_ON+PROVIDES",
            "PROVIDES+CONSUMES",
            "PROVIDES+DEPENDS_ON",
        ];
        Assert.Equal(expected, compatible.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_is_looked_up_and_counted_alike(string held, string asked, bool conflict)
    {
        (Predicate a, Predicate b) = (Parse(held), Parse(asked));
        Assert.Equal(conflict, Compatibility.Conflicts(a, b));
        Assert.Equal(conflict, Compatibility.Strength(a) + Compatibility.Strength(b) >= Compatibility.Exclusive);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Two_agents_on_one_resource_get_what_the_table_says(string held, string asked, bool conflict)
    {
        foreach (ResourceType type in Enum.GetValues<ResourceType>())
        {
            foreach (bool requesterIsOlder in new[] { false, true })
            {
                LeaseTable table = new(0);
                table.RegisterAgent("holder", 5, 1);
                table.RegisterAgent("requester", requesterIsOlder ? 4UL : 6UL, 1);
                Resource resource = Request.Resource(type, "a/b");
                table.Hold("holder", "s", resource, Parse(held), 1);

                AcquireOutcome outcome = table.Acquire("requester", "s", resource, Parse(asked), 1);

                Verdict refusal = requesterIsOlder ? Verdict.Wait : Verdict.Die;
                Assert.Equal(conflict ? refusal : Verdict.Grant, outcome.Conflicts.Verdict);
                Assert.Equal(conflict, outcome.Lease is null);
                Assert.Equal(conflict ? 1 : 2, table.CountActive(1));
            }
        }
    }

    private static Predicate Parse(string name)
    {
        Assert.True(PredicateNames.TryParse(name, out Predicate predicate), name);
        return predicate;
    }
}
