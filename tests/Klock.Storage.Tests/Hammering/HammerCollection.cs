using Xunit;

namespace Klock.Storage.Tests.Hammering;

/// <summary>The tests that load every core: one after the other, when all others are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HammerCollection
{
    public const string Name = "hammers";
}
