using Klock.Kernel.Conflicts;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.WaitDie;

/// <summary>SPEC KLIS-3: the requester is compared with every holder in its way, in whatever order they came.</summary>
public sealed class EverySetOfHoldersTests
{
    private static readonly Resource _file = Request.File("a/b");

    [Fact]
    public void Arrangements_are_complete()
    {
        Holder[][] all = [.. Holder.Arrangements()];
        Assert.Equal(1 + 8 + (8 * 7) + (8 * 7 * 6) + (8 * 7 * 6 * 5), all.Length);
        IEnumerable<string> names = all.Select(holders => string.Join('|', holders.Select(holder => holder.ToString())));
        Assert.Equal(all.Length, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a/**")]
    [InlineData("a/b#f")]
    public void Any_older_holder_means_die_and_only_younger_ones_mean_wait(string asked)
    {
        ResourceType type = asked.Contains('#', StringComparison.Ordinal) ? ResourceType.Symbol : ResourceType.File;
        Resource resource = Request.Resource(type, asked);
        foreach (Holder[] holders in Holder.Arrangements())
        {
            LeaseTable table = TableWith(holders);
            AcquireOutcome outcome = table.Acquire(Holder.Requester, "m", resource, Predicate.Mutates, 1);
            Check(holders, outcome.Conflicts);
            Assert.Equal(holders.Length == 0, outcome.Lease is not null);
        }
    }

    [Fact]
    public void What_the_session_holds_itself_makes_no_difference()
    {
        foreach (Holder[] holders in Holder.Arrangements())
        {
            LeaseTable table = TableWith(holders);
            table.Hold(Holder.Requester, "m", _file, Predicate.Consumes, 1);
            Check(holders, table.Acquire(Holder.Requester, "m", _file, Predicate.Mutates, 1).Conflicts);
        }
    }

    [Fact]
    public void A_manifest_is_judged_by_the_worst_of_its_intents()
    {
        foreach (Holder[] holders in Holder.Arrangements(atMost: 3))
        {
            LeaseTable table = new(0);
            Register(table, holders);
            for (int i = 0; i < holders.Length; i++)
            {
                table.Hold(holders[i].Agent, holders[i].Session, Request.File($"f{i}"), Predicate.Mutates, 1);
            }

            // Two of them meet every holder: each holder counts once.
            Intent[] intents = [new(Predicate.Consumes, Request.File("free/x")), new(Predicate.Consumes, Request.File("**")),
                .. holders.Select((_, i) => new Intent(Predicate.Mutates, Request.File($"f{i}")))];
            Check(holders, table.Declare(Holder.Requester, "m", intents, 1));
            Assert.Equal(holders.Length, table.CountActive(1));
        }
    }

    private static LeaseTable TableWith(Holder[] holders)
    {
        LeaseTable table = new(0);
        Register(table, holders);
        foreach (Holder holder in holders)
        {
            table.Hold(holder.Agent, holder.Session, _file, Predicate.Consumes, 1);
        }

        return table;
    }

    private static void Register(LeaseTable table, Holder[] holders)
    {
        table.RegisterAgent(Holder.Requester, Holder.RequesterPriority, 1);
        foreach (Holder holder in holders)
        {
            Assert.Equal(CommandStatus.Done, table.RegisterAgent(holder.Agent, holder.Priority, 1));
        }
    }

    private static void Check(Holder[] holders, ConflictSet conflicts)
    {
        Verdict expected = holders.Length == 0 ? Verdict.Grant : holders.Any(holder => holder.IsOlder) ? Verdict.Die : Verdict.Wait;
        string[] oldestFirst = [.. Holder.OldestFirst.Where(holders.Contains).Select(holder => $"{holder.Agent}/{holder.Session}")];
        Assert.Equal(expected, conflicts.Verdict);
        Assert.Equal(holders.Length, conflicts.Total);
        Assert.Equal(oldestFirst, conflicts.Oldest.Select(claim => $"{claim.Session.Agent.Id}/{claim.Session.Id}"));
    }
}
