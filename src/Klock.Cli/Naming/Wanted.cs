using Klock.Agents.Leases;

namespace Klock.Cli.Naming;

/// <summary>One lease that is asked for.</summary>
/// <param name="Resource">On what.</param>
/// <param name="Predicate">MUTATES and so on.</param>
internal readonly record struct Wanted(Named Resource, string Predicate)
{
    /// <summary>As a request has it.</summary>
    public WantedResource ToIntent() => new(Resource.Type, Resource.Path, Predicate);
}
