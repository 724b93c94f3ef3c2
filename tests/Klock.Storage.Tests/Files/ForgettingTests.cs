using Klock.Kernel;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>Agents beyond the bound are forgotten in the file too.</summary>
public sealed class ForgettingTests : FileSuite
{
    [Fact]
    public void Beyond_the_bound_idle_agents_leave_the_file()
    {
        StoreClient first = Open();
        first.Register("holder", 1);
        first.Acquire("holder");
        CloseAll();

        // Registered one by one they would be 100,000 commits.
        RawDatabase.Run(
            FilePath,
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {LeaseTable.RememberedAgents - 1}) "
            + "INSERT INTO agents SELECT 'idle-' || i, 2, i FROM n");
        StoreClient client = Open(), other = Open();
        client.Register("one-more", 3);
        other.Register("and-another", 3);
        string[] agents = client.Agents();
        Assert.Equal(LeaseTable.RememberedAgents, agents.Length);
        Assert.Contains("holder=1", agents);
        Assert.Contains("and-another=3", agents);
        Assert.DoesNotContain("idle-1=2", agents);
        Assert.DoesNotContain("idle-2=2", agents);
        Assert.Equal($"{LeaseTable.RememberedAgents}", RawDatabase.Ask(FilePath, "SELECT count(*) FROM agents"));
        CloseAll();
        Assert.Equal(agents, Open().Agents());
    }
}
