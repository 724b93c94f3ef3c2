using Klock.Kernel;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests;

/// <summary>Agents are remembered up to a bound; idle ones are forgotten first (KLIS-3).</summary>
public sealed class MemoryForgettingTests() : ContractSuite(new MemoryKind())
{
    [Fact]
    public void Beyond_the_bound_the_idle_agent_that_did_nothing_longest_is_forgotten()
    {
        Klock.Register("holder", 1);
        Klock.Acquire("holder");
        for (int i = 1; i < LeaseTable.RememberedAgents; i++)
        {
            Klock.Register($"idle-{i}", 2);
        }

        Klock.Register("one-more", 3);
        Klock.Register("and-another", 3);
        string[] agents = Klock.Agents();
        Assert.Equal(LeaseTable.RememberedAgents, agents.Length);
        Assert.Contains("holder=1", agents);
        Assert.Contains("one-more=3", agents);
        Assert.DoesNotContain("idle-1=2", agents);
        Assert.DoesNotContain("idle-2=2", agents);
        Assert.Contains("idle-3=2", agents);
    }
}
