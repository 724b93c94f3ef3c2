using Klock.Kernel.Predicates;

namespace Klock.Agents.Claims;

/// <summary>What an agent claims files for.</summary>
internal static class ClaimIntent
{
    private static readonly (string Name, Predicate Predicate)[] _all =
    [
        ("edit", Predicate.Mutates), ("read", Predicate.Consumes), ("create", Predicate.Provides), ("delete", Predicate.Deletes),
        ("rename", Predicate.Renames),
    ];

    /// <summary>Their names, the usual one first.</summary>
    public static IEnumerable<string> Names => _all.Select(each => each.Name);

    /// <summary>What it is in leases, as in <c>MUTATES</c>; null for no such intent.</summary>
    public static string? PredicateOf(string name) =>
        Array.Find(_all, each => each.Name == name) is { Name: not null } found ? found.Predicate.ToName() : null;

    /// <summary>What a lease is for, in these words; of what cannot be claimed here in the protocol's own.</summary>
    public static string OfPredicate(string predicate) =>
        Array.Find(_all, each => each.Predicate.ToName() == predicate) is { Name: { } name } ? name : predicate;
}
