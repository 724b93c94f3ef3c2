using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests;

/// <summary>No store is excused from a part of the contract.</summary>
public sealed class CoverageTests
{
    [Theory]
    [InlineData("Memory")]
    [InlineData("Sqlite")]
    [InlineData("Replicated")]
    [InlineData("FileJournal")]
    [InlineData("Etcd")]
    [InlineData("Postgres")]
    public void Every_class_of_the_contract_runs_on_every_store(string store)
    {
        Type[] types = typeof(ContractSuite).Assembly.GetTypes();
        Type[] contract = [.. types.Where(type => type.IsAbstract && type.BaseType == typeof(ContractSuite))];
        IEnumerable<Type?> run = types.Where(type => type.Name.StartsWith(store, StringComparison.Ordinal)).Select(type => type.BaseType);
        Assert.NotEmpty(contract);
        Assert.Empty(contract.Except(run));
    }
}
